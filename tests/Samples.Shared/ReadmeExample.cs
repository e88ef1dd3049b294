using System.Globalization;
using System.Text.RegularExpressions;

namespace Samples.Shared;

/// <summary>A request that a sample's README shows, and the answer it shows for it.</summary>
internal sealed partial record ReadmeExample(string Path, string Json, string Answer)
{
    public static IReadOnlyList<ReadmeExample> Read(string readme) =>
    [
        .. Curl().Matches(File.ReadAllText(System.IO.Path.Combine(AppContext.BaseDirectory, readme)))
            .Select(m => new ReadmeExample(m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value)),
    ];

    /// <summary>Long fractions cut to five digits: processors sum single precision in different orders.</summary>
    public static string Rounded(string json) => Long().Replace(json, static m =>
        Math.Round(double.Parse(m.ValueSpan, CultureInfo.InvariantCulture), 5).ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\d+\.\d{7,}")]
    private static partial Regex Long();

    [GeneratedRegex(@"^curl -s localhost:8080(\S+) --json '([^']*)'\n(.+)$", RegexOptions.Multiline)]
    private static partial Regex Curl();
}
