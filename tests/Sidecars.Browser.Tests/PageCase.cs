using System.Text.Json;

namespace Sidecars.Browser.Tests;

/// <summary>An explanation to look at.</summary>
/// <param name="Explainer">What explains.</param>
/// <param name="Hostile">Whether by the server whose names are hostile; else by the sample.</param>
/// <param name="Rows">Of how many rows.</param>
public sealed record PageCase(string Explainer, bool Hostile, int Rows)
{
    /// <summary>Both families, with numbers and categories, of one row and of several.</summary>
    public static TheoryData<PageCase> All => new(
        new PageCase("AnchorTabular", Hostile: false, 1),
        new PageCase("AnchorTabular", Hostile: false, 3),
        new PageCase("AnchorTabular", Hostile: true, 1),
        new PageCase("AnchorTabular", Hostile: true, 3),
        new PageCase("Shap", Hostile: false, 1),
        new PageCase("Shap", Hostile: false, 3),
        new PageCase("KernelShap", Hostile: true, 1),
        new PageCase("KernelShap", Hostile: true, 3));

    private bool IsAnchor => Explainer == "AnchorTabular";

    /// <summary>A name for its files.</summary>
    public string Name => $"{(IsAnchor ? "anchor" : "shapley")}{(Hostile ? "-hostile" : "")}{(Rows > 1 ? "-rows" : "")}";

    internal (Uri Server, string Model, string[] Rows) Of(Servers servers)
    {
        if (Hostile)
        {
            return (servers.HostileServer, Servers.Hostile, [.. new[] { "[64,0,171]", "[30,1,180]", "[70,2,160.5]" }.Take(Rows)]);
        }

        using JsonDocument patients = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Places.Repository, "samples", "BreastCancer", "requests", "v1.json")));
        return (servers.Sample, "breast-cancer", [.. patients.RootElement.GetProperty("instances").EnumerateArray().Take(Rows).Select(static i => i.GetRawText())]);
    }

    public override string ToString() => Name;
}
