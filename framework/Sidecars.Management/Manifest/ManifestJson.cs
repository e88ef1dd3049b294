using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sidecars.Management.Manifest;

/// <summary>Manifests as JSON: camel case, nothing that is null, numbers and texts as they came.</summary>
internal static class ManifestJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions s_indented = new(Options) { WriteIndented = true };

    public static JsonObject ToNode(InferenceService service) =>
        JsonSerializer.SerializeToNode(service, Options)!.AsObject();

    public static string ToText(InferenceService service) => JsonSerializer.Serialize(service, s_indented);

    /// <exception cref="FormatException">The text is no such object.</exception>
    public static InferenceService FromNode(JsonNode node) => Read<InferenceService>(() => node.Deserialize<InferenceService>(Options));

    /// <exception cref="FormatException">The text is no such object.</exception>
    public static T FromBytes<T>(ReadOnlySpan<byte> utf8)
        where T : class
    {
        var reader = new Utf8JsonReader(utf8);
        try
        {
            return JsonSerializer.Deserialize<T>(ref reader, Options) ?? throw new FormatException("null is no object.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The JSON is not what was expected: {e.Message}", e);
        }
    }

    public static InferenceService Copy(InferenceService service) => FromNode(ToNode(service));

    public static PredictorSpec Copy(PredictorSpec predictor) =>
        JsonSerializer.SerializeToElement(predictor, Options).Deserialize<PredictorSpec>(Options)!;

    private static T Read<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read() ?? throw new FormatException("null is no object.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"At {e.Path}: {e.Message}", e);
        }
    }
}
