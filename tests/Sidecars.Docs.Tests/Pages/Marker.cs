using System.Text.RegularExpressions;

namespace Sidecars.Docs.Tests.Pages;

/// <summary>The comment before a block: <c>&lt;!-- verb: rest --&gt;</c>. The rest may be left out.</summary>
internal sealed partial record Marker(string Verb, string Rest)
{
    public static Marker? Read(string line) => Form().Match(line.Trim()) is { Success: true } match
        ? new(match.Groups[1].Value, match.Groups[2].Value.Trim())
        : null;

    /// <summary>The value of <c>name=value</c> in the rest, or an empty text.</summary>
    public string Value(string name) =>
        Rest.Split(' ').FirstOrDefault(p => p.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? "";

    public bool Has(string word) => Rest.Split(' ').Contains(word);

    [GeneratedRegex("^<!-- ([a-z ]+?)(?::(.*))? -->$")]
    private static partial Regex Form();
}
