using System.Text.Json;
using Sidecars.Protocol;

namespace Sidecars.Predictor;

/// <summary>Reads the answer of <c>GET /v2/models/{name}</c>; what a predictor leaves out or misspells counts as not told.</summary>
internal static class V2Metadata
{
    public static ModelMetadata? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            return root.ValueKind != JsonValueKind.Object ? null : new ModelMetadata(
                Text(root, "name"u8) ?? "",
                Text(root, "platform"u8) ?? "",
                Tensors(root, "inputs"u8),
                Tensors(root, "outputs"u8));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or a text in it that is no Unicode.
            return null;
        }
    }

    private static List<TensorMetadata> Tensors(JsonElement root, ReadOnlySpan<byte> key)
    {
        List<TensorMetadata> tensors = [];
        if (root.TryGetProperty(key, out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in list.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.Object && Text(item, "name"u8) is { } name
                    && DatatypeFacts.TryParse(Text(item, "datatype"u8), ignoreCase: true, out Datatype datatype))
                {
                    tensors.Add(new TensorMetadata(name, datatype, Shape(item)));
                }
            }
        }

        return tensors;
    }

    private static long[] Shape(JsonElement item) =>
        item.TryGetProperty("shape"u8, out JsonElement shape) && shape.ValueKind == JsonValueKind.Array
            ? [.. shape.EnumerateArray().Select(d => d.ValueKind == JsonValueKind.Number && d.TryGetInt64(out long value) ? value : -1)]
            : [];

    private static string? Text(JsonElement item, ReadOnlySpan<byte> key) =>
        item.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
