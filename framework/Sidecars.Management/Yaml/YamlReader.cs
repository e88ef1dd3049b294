using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sidecars.Management.Yaml;

/// <summary>YAML, of which JSON is a part, → JSON, by the core schema: plain scalars may be numbers, booleans or null.</summary>
internal static class YamlReader
{
    /// <summary>A manifest nests no deeper than this; it also ends anchors that hold themselves.</summary>
    private const int MaxDepth = 100;

    public static IReadOnlyList<JsonNode> Read(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new FormatException($"The YAML cannot be read at line {e.Start.Line}, column {e.Start.Column}: {e.Message}", e);
        }

        return [.. stream.Documents.Select(d => ToJson(d.RootNode, 0)).OfType<JsonNode>()];
    }

    private static JsonNode? ToJson(YamlNode node, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FormatException($"The YAML is nested more than {MaxDepth} levels deep.");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                var json = new JsonObject();
                foreach ((YamlNode key, YamlNode value) in mapping.Children)
                {
                    string name = key is YamlScalarNode { Value: { } text }
                        ? text
                        : throw new FormatException($"At line {key.Start.Line} a key is no plain text.");
                    json[name] = ToJson(value, depth + 1);
                }

                return json;
            case YamlSequenceNode sequence:
                return new JsonArray([.. sequence.Children.Select(c => ToJson(c, depth + 1))]);
            case YamlScalarNode scalar:
                return scalar.Style == ScalarStyle.Plain ? YamlScalars.Read(scalar.Value ?? "") : JsonValue.Create(scalar.Value ?? "");
            default:
                throw new FormatException($"At line {node.Start.Line} stands something that JSON has no form for.");
        }
    }
}
