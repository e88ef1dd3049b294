using System.Text;
using System.Text.RegularExpressions;
using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Tests.Options;

/// <summary>Holds docs/explainers.md to the option tables, and its artefact to the reader.</summary>
public sealed partial class ExplainerDocsTests
{
    private const string Begin = "<!-- options: generated, run the tests with UPDATE_DOCS=1 -->\n", End = "<!-- /options -->";

    [Fact]
    public void Options_InTheDocs_AreThoseOfTheTables()
    {
        string file = Repository.File("docs/explainers.md");
        string text = File.ReadAllText(file);
        int from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, to = text.IndexOf(End, StringComparison.Ordinal);
        string expected = text[..from] + Markdown() + text[to..];
        if (Repository.Updates)
        {
            File.WriteAllText(file, expected);
        }

        File.ReadAllText(file).Should().Be(expected, "its options are generated: run the tests with UPDATE_DOCS=1 to write them anew");
    }

    [Fact]
    public void Artefact_InTheDocs_IsOne()
    {
        string json = ArtefactBlock().Match(File.ReadAllText(Repository.File("docs/explainers.md"))).Groups[1].Value;

        ExplainerDocument.Parse(Encoding.UTF8.GetBytes(json)).Features.Should().HaveCount(2);
    }

    private static string Markdown()
    {
        var text = new StringBuilder("| Option | Of | Default | Allowed | Meaning |\n|---|---|---|---|---|\n");
        foreach (ExplainerOption option in OptionTable.All.SelectMany(static t => t.Options).DistinctBy(static o => o.Name))
        {
            string[] types = [.. OptionTable.All.Where(t => t.Option(option.Name) is not null).Select(static t => t.Type)];
            string names = string.Join(" or ", option.OtherNames.Prepend(option.Name).Select(static n => $"`{n}`"));
            string notes = (option.AtStart ? " Not in requests." : "")
                + (option.NoEffectBecause is { } because ? $" Without effect: {because}." : "");
            text.Append($"| {names} | {(types.Length == OptionTable.All.Count ? "all" : string.Join(", ", types))} | `{option.Default}` | {option.Allowed} | {option.Help}{notes} |\n");
        }

        return text.ToString();
    }

    [GeneratedRegex("```json\n(\\{ \"schema\".*?)```", RegexOptions.Singleline)]
    private static partial Regex ArtefactBlock();
}
