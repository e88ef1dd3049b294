using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Serving;

/// <summary>
/// What a request says of how to explain it: which explainer, and options. They stand in <c>parameters</c> of a V1 body, in
/// the parameters of V2 and gRPC or in their <c>explain_parameters</c>, and in the query. Of an option that stands in several
/// places the more particular counts: explain_parameters, then parameters, then the query.
/// </summary>
internal static class RequestedOptions
{
    public const string Explainer = "explainer";

    private const string Nested = "explain_parameters";

    /// <summary>Parameters of V2 that are for the protocol or the codec, and say nothing of explaining.</summary>
    private static readonly string[] s_protocol = ["binary_data_output", "binary_data", "content_type"];

    /// <summary>Collects them.</summary>
    /// <exception cref="InferenceException">They stand there in a form that cannot be read.</exception>
    public static Dictionary<string, OptionInput> Read(InferRequest request, InferenceContext context)
    {
        var given = new Dictionary<string, OptionInput>(StringComparer.Ordinal);
        foreach ((string name, StringValues values) in context.HttpContext?.Request.Query ?? QueryCollection.Empty)
        {
            given[name] = new OptionInput(values[^1] ?? "");
        }

        if (context.Protocol == InferenceProtocol.V1)
        {
            if (request.IsOpaque || request.Body.IsEmpty || request.Json is not { ValueKind: JsonValueKind.Object } root)
            {
                return given;
            }

            foreach (string key in (string[])["parameters", Nested])
            {
                if (root.TryGetProperty(key, out JsonElement parameters) && parameters.ValueKind != JsonValueKind.Null)
                {
                    ReadObject(parameters, key, given);
                }
            }

            return given;
        }

        IReadOnlyDictionary<string, object>? all = request.Parameters;
        foreach ((string name, object value) in all ?? new Dictionary<string, object>())
        {
            if (name != Nested && !s_protocol.Contains(name))
            {
                given[name] = OptionInput.Of(value);
            }
        }

        if (all?.GetValueOrDefault(Nested) is { } nested)
        {
            ReadObject(nested is JsonElement json ? json : Parse(nested), Nested, given);
        }

        return given;
    }

    private static void ReadObject(JsonElement json, string key, Dictionary<string, OptionInput> given)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw InferenceException.InvalidInput($"'{key}' must be an object");
        }

        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (property.Name == Nested && property.Value.ValueKind == JsonValueKind.Object)
            {
                continue;
            }

            given[property.Name] = new OptionInput(property.Value);
        }

        if (json.TryGetProperty(Nested, out JsonElement inner) && inner.ValueKind == JsonValueKind.Object)
        {
            ReadObject(inner, Nested, given);
        }
    }

    /// <summary>gRPC has no objects among its parameters: there it is the text of one.</summary>
    private static JsonElement Parse(object text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text as string ?? "");
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw InferenceException.InvalidInput($"'{Nested}' must be an object, or the text of one");
        }
    }
}
