using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sidecars.Protocol;

/// <summary>JSON objects that hooks may change: read as strictly as every other body, written as compactly.</summary>
internal static class JsonObjects
{
    /// <exception cref="InferenceException">The text is not one JSON object, or it is nested too deeply.</exception>
    public static JsonObject Parse(ReadOnlyMemory<byte> json, int maxDepth)
    {
        JsonParsing.RequireUtf8(json.Span);
        JsonContent.Check(json.Span, maxDepth);
        JsonNode? root;
        try
        {
            // What nobody touches stays text. It cannot when a key comes twice: such an object fails when it is touched.
            root = JsonNode.Parse(json.Span, null, new JsonDocumentOptions { MaxDepth = maxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            using JsonDocument document = JsonParsing.Parse(json, maxDepth);
            root = LastWins(document.RootElement.Clone());
        }

        return root as JsonObject ?? throw JsonParsing.Unrecognized("a JSON object is expected");
    }

    /// <summary>Writes the object into a buffer, which the caller disposes of.</summary>
    public static PooledBuffer Write(JsonObject json) => V1Json.Build(json, static buffer => buffer);

    private static JsonNode? LastWins(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var json = new JsonObject();
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    json[property.Name] = LastWins(property.Value);
                }

                return json;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(LastWins)]);
            default:
                return JsonValue.Create(element);
        }
    }
}
