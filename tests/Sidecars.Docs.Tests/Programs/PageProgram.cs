using Sidecars.Docs.Tests.Pages;

namespace Sidecars.Docs.Tests.Programs;

/// <summary>A csharp block with all that is compiled together with it.</summary>
/// <param name="Sources">Text of each file, by the name that errors show.</param>
internal sealed record PageProgram(IReadOnlyList<(string Name, string Text)> Sources)
{
    /// <summary>The files of a block, by its marker: itself, alone or inside a scaffold, and what it wants beside it.</summary>
    public static PageProgram Of(Block block) => new([.. Files(block)]);

    private static IEnumerable<(string Name, string Text)> Files(Block block)
    {
        yield return block.Marker?.Value("in") is { Length: > 0 } scaffold
            ? (block.ToString(), Inside(Scaffold(scaffold), block.Text))
            : (block.ToString(), block.Text);
        foreach (string with in (block.Marker?.Value("with") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (with != "previous")
            {
                yield return (with + ".cs", Scaffold(with));
                continue;
            }

            Block previous = Page.Read(block.Page).Blocks.Last(b => b.Kind == BlockKind.Program && b.Line < block.Line);
            foreach ((string Name, string Text) file in Files(previous))
            {
                yield return file;
            }
        }
    }

    /// <summary>Puts the block where the scaffold has the line <c>// the block</c>; its usings go to the top.</summary>
    private static string Inside(string scaffold, string text)
    {
        string[] lines = text.Split('\n');
        bool IsUsing(string line) => line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('=') && !line.Contains('(');
        return string.Join('\n', lines.Where(IsUsing)) + "\n"
            + scaffold.Replace("// the block", string.Join('\n', lines.Where(l => !IsUsing(l))), StringComparison.Ordinal);
    }

    private static string Scaffold(string name)
    {
        string file = Repository.PathOf($"tests/Sidecars.Docs.Tests/Scaffolds/{name}.cs");
        return File.Exists(file) ? File.ReadAllText(file) : throw new InvalidOperationException($"There is no scaffold {name}; see {file}");
    }
}
