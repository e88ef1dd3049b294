namespace Sidecars.Docs.Tests.Pages;

/// <summary>A code block of a page, and the comment before it that says how it is held to the code.</summary>
/// <param name="Line">The line of its first character, counted from 1.</param>
/// <param name="Language">Of a fence; "indented" for a block without one.</param>
internal sealed record Block(string Page, int Line, string Language, string Text, Marker? Marker)
{
    public BlockKind Kind => Language switch
    {
        "csharp" => BlockKind.Program,
        "json" => BlockKind.Json,
        "yaml" => BlockKind.Yaml,
        "python" => BlockKind.Python,
        "xml" => BlockKind.Xml,
        "bash" or "console" or "indented" => BlockKind.Commands,
        "" or "text" => BlockKind.Text,
        _ => BlockKind.Unknown,
    };

    public string Verb => Marker?.Verb ?? "";

    /// <summary>Its commands, one for each line, what was broken with a backslash put together.</summary>
    public IEnumerable<string> Commands =>
        Text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(static l => l.Split(" # ")[0].Trim())
            .Where(static l => l.Length > 0 && l[0] != '#');

    public override string ToString() => $"{Page}:{Line}";
}
