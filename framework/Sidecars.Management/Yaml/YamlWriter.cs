using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sidecars.Management.Yaml;

/// <summary>JSON → block YAML with two spaces. A text that another reader could take for something else is quoted.</summary>
internal static class YamlWriter
{
    private static readonly JsonSerializerOptions s_quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(JsonNode root)
    {
        var text = new StringBuilder();
        if (IsEmpty(root) || root is JsonValue)
        {
            return text.Append(Scalar(root)).Append('\n').ToString();
        }

        Block(text, root, 0);
        return text.ToString();
    }

    /// <summary>Writes a map or a list that is not empty, each entry on a line of its own.</summary>
    private static void Block(StringBuilder text, JsonNode node, int indent, bool firstInline = false)
    {
        bool first = true;
        if (node is JsonObject map)
        {
            foreach ((string key, JsonNode? value) in map)
            {
                Indent(text, first && firstInline ? 0 : indent).Append(YamlScalars.IsPlain(key) ? key : Quote(key)).Append(':');
                first = false;
                Entry(text, value, value is JsonArray ? indent : indent + 2);
            }

            return;
        }

        foreach (JsonNode? item in (JsonArray)node)
        {
            Indent(text, first && firstInline ? 0 : indent).Append('-');
            first = false;
            if (item is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
            {
                text.Append(' ');
                Block(text, item, indent + 2, firstInline: true);
            }
            else
            {
                text.Append(' ').Append(Scalar(item)).Append('\n');
            }
        }
    }

    private static void Entry(StringBuilder text, JsonNode? value, int indent)
    {
        if (value is null or JsonValue || IsEmpty(value))
        {
            text.Append(' ').Append(Scalar(value)).Append('\n');
            return;
        }

        text.Append('\n');
        Block(text, value, indent);
    }

    private static bool IsEmpty(JsonNode? node) => node is JsonObject { Count: 0 } or JsonArray { Count: 0 };

    private static string Scalar(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        JsonValue value when value.GetValueKind() == JsonValueKind.String =>
            YamlScalars.IsPlain(value.GetValue<string>()) ? value.GetValue<string>() : Quote(value.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    /// <summary>A JSON text is a double-quoted YAML text.</summary>
    private static string Quote(string text) => JsonSerializer.Serialize(text, s_quoted);

    private static StringBuilder Indent(StringBuilder text, int count) => text.Append(' ', count);
}
