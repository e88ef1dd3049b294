using System.IO.Compression;
using System.Text.Json;

namespace Sidecars.Templates.Tests;

/// <summary>That nothing was left out: the combinations are counted from the templates in the package.</summary>
[Trait("Category", "Packages")]
public sealed class OptionsTests
{
    [Theory]
    [InlineData("kserve-transformer", 96)]
    [InlineData("kserve-explainer", 8)]
    public void Projects_OfATemplate_AreEveryCombinationOfItsOptions(string template, int count)
    {
        IEnumerable<string> expected = [""];
        foreach ((string option, string[] values) in Options(template))
        {
            expected = [.. expected.SelectMany(e => values.Select(v => $"{e} {option}={v}"))];
        }

        IEnumerable<Project> whole = Made.Projects.Where(p => p.Template == template && p.Options.Count == Options(template).Count);
        IEnumerable<string> made = whole.Select(p => string.Concat(Options(template).Select(o => $" {o.Name}={p.Options[o.Name]}")));

        made.Should().BeEquivalentTo(expected).And.HaveCount(count);
    }

    private static List<(string Name, string[] Values)> Options(string template)
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(Made.Packages, $"Sidecars.Templates.{Made.Version}.nupkg"));
        using Stream file = package.GetEntry($"content/{template}/.template.config/template.json")!.Open();
        using JsonDocument document = JsonDocument.Parse(file);
        return
        [
            .. document.RootElement.GetProperty("symbols").EnumerateObject()
                .Where(symbol => symbol.Value.GetProperty("type").GetString() == "parameter")
                .Select(symbol => (symbol.Name, symbol.Value.GetProperty("datatype").GetString() == "bool"
                    ? ["false", "true"]
                    : symbol.Value.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("choice").GetString()!).ToArray())),
        ];
    }
}
