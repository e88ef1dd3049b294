using System.Text;
using Sidecars.Explainers.Server.Commands;
using Sidecars.Explainers.Server.Explain;
using Sidecars.Explainers.Server.Fit;
using Sidecars.Explainers.Server.Serve;
using Sidecars.Explainers.Tests;

namespace Sidecars.Explainers.Server.Tests;

/// <summary>Holds the flags in docs/explainer-server.md to those of the commands.</summary>
public sealed class FlagDocsTests
{
    public static TheoryData<string> Commands => ["fit", "serve", "explain"];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Flags_InTheDocs_AreThoseOfTheCommand(string name)
    {
        Command command = name switch
        {
            "fit" => FitFlags.Command,
            "serve" => ServeFlags.Command,
            _ => ExplainFlags.Command,
        };
        string begin = $"<!-- flags of {name}: generated, run the tests with UPDATE_DOCS=1 -->\n", end = $"<!-- /flags of {name} -->";
        string file = Repository.File("docs/explainer-server.md");
        string text = File.ReadAllText(file);
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length, to = text.IndexOf(end, StringComparison.Ordinal);
        string expected = text[..from] + Markdown(command) + text[to..];
        if (Repository.Updates)
        {
            File.WriteAllText(file, expected);
        }

        File.ReadAllText(file).Should().Be(expected, "its flags are generated: run the tests with UPDATE_DOCS=1 to write them anew");
    }

    private static string Markdown(Command command)
    {
        var text = new StringBuilder("| Flag | Meaning |\n|---|---|\n");
        foreach (Flag flag in command.Flags)
        {
            string value = flag.Value.Length == 0 ? "" : " " + flag.Value.Replace("|", "\\|", StringComparison.Ordinal);
            text.Append($"| `--{flag.Name}{value}` | {flag.Help} |\n");
        }

        return text.ToString();
    }
}
