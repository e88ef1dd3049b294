using System.Text.RegularExpressions;

namespace Sidecars.Templates.Tests;

/// <summary>A request that a file of a project shows, and the answer where it shows one; a GET has no body.</summary>
internal sealed partial record Example(string Path, string? Json, string? Answer = null)
{
    public static IReadOnlyList<Example> OfReadme(string text) =>
        [.. Curl().Matches(text).Select(m => new Example(m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value + m.Groups[4].Value))];

    public static IReadOnlyList<Example> OfHttpFile(string text) =>
    [
        .. text.Split("\n###").Skip(1).Select(block => Request().Match(block) is { Success: true } match
            ? new Example(match.Groups[1].Value, match.Groups[2].Success ? match.Groups[2].Value : null)
            : throw new FormatException("this is no request: " + block)),
    ];

    [GeneratedRegex("curl localhost:8080(\\S+) -H 'Content-Type: application/json' -d '([^']*)'\n\n(?:answers\n\n    (\\{.+)|.* here `([^`]+)`)")]
    private static partial Regex Curl();

    [GeneratedRegex(@"^(?:POST|GET) \{\{host\}\}(\S+)(?:\nContent-Type: application/json\n\n(.+))?", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Request();
}
