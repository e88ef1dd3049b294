using System.Text.Json.Nodes;

namespace Sidecars.Explainers.Tests.Anchors;

/// <summary>Reference values of bounds, rates and bins.</summary>
internal static class AnchorUnits
{
    public static JsonNode Own { get; } = Read(Kit.File("golden/anchor_units.json"));

    public static JsonNode Read(string path) => JsonNode.Parse(System.IO.File.ReadAllText(path))!;

    public static double Number(this JsonNode? node, string key) => node![key]!.GetValue<double>();
}
