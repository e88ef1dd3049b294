namespace Sidecars.Docs.Tests.Pages;

/// <summary>A page and its blocks, as CommonMark finds them: fenced, or indented by four after an empty line.</summary>
internal sealed record Page(string Path, IReadOnlyList<Block> Blocks)
{
    public static IEnumerable<Page> All => Repository.Pages.Select(Read);

    public static Page Read(string path) => Parse(path, File.ReadAllText(Repository.PathOf(path)));

    public static Page Parse(string path, string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        List<Block> blocks = [];
        for (int i = 0; i < lines.Length; i++)
        {
            int first = i;
            if (Fence(lines[i]) is { } language)
            {
                for (i++; i < lines.Length && Fence(lines[i]) is null; i++)
                {
                }

                Add(language, first + 1, i, 0);
            }
            else if (IsIndented(lines[i]) && StartsBlock(lines, i))
            {
                while (i + 1 < lines.Length && (IsIndented(lines[i + 1]) || (lines[i + 1].Length == 0 && NextIsIndented(lines, i + 1))))
                {
                    i++;
                }

                Add("indented", first, i + 1, 4);
            }

            void Add(string language, int from, int to, int indent)
            {
                string body = string.Join('\n', lines[from..to].Select(l => l.Length > indent ? l[indent..] : ""));
                Marker? marker = MarkerBefore(lines, first) ?? Elsewhere.Marker(path, blocks.Count);
                blocks.Add(new(path, from + 1, language, body, marker));
            }
        }

        return new(path, blocks);
    }

    private static string? Fence(string line) => line.StartsWith("```", StringComparison.Ordinal) ? line[3..].Trim() : null;

    private static bool IsIndented(string line) => line.StartsWith("    ", StringComparison.Ordinal) && line.Trim().Length > 0;

    /// <summary>After an empty line or a comment; in a list it would be the item's own text.</summary>
    private static bool StartsBlock(string[] lines, int at)
    {
        if (at > 0 && lines[at - 1].Length > 0 && !lines[at - 1].StartsWith("<!--", StringComparison.Ordinal))
        {
            return false;
        }

        string before = lines[..at].LastOrDefault(static l => l.Length > 0 && l[0] != ' ' && !l.StartsWith("<!--", StringComparison.Ordinal)) ?? "";
        return !before.StartsWith("- ", StringComparison.Ordinal) && !before.StartsWith("* ", StringComparison.Ordinal)
            && !(before.Length > 2 && char.IsAsciiDigit(before[0]) && before[1] == '.');
    }

    private static bool NextIsIndented(string[] lines, int at) =>
        lines[at..].FirstOrDefault(static l => l.Length > 0) is { } next && IsIndented(next);

    private static Marker? MarkerBefore(string[] lines, int at) =>
        lines[..at].LastOrDefault(static l => l.Length > 0) is { } line ? Marker.Read(line) : null;
}
