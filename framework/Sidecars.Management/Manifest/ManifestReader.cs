using System.Text.Json.Nodes;
using Sidecars.Management.Yaml;

namespace Sidecars.Management.Manifest;

/// <summary>Text in YAML or JSON → InferenceServices.</summary>
internal static class ManifestReader
{
    public static IReadOnlyList<InferenceService> Read(string text)
    {
        var all = new List<InferenceService>();
        foreach (JsonNode document in YamlReader.Read(text))
        {
            if (document is not JsonObject root)
            {
                throw new FormatException("A manifest is an object with apiVersion, kind, metadata and spec.");
            }

            if (root["kind"] is JsonValue kind && kind.ToString() == "List" && root["items"] is JsonArray items)
            {
                all.AddRange(items.OfType<JsonObject>().Select(One));
            }
            else
            {
                all.Add(One(root));
            }
        }

        return all;
    }

    private static InferenceService One(JsonObject root)
    {
        string? version = root["apiVersion"]?.ToString(), kind = root["kind"]?.ToString();
        if (version != InferenceService.Version || kind != "InferenceService")
        {
            throw new FormatException(
                $"An InferenceService of {InferenceService.Version} was expected, not kind '{kind}' of apiVersion '{version}'.");
        }

        return ManifestJson.FromNode(root);
    }
}
