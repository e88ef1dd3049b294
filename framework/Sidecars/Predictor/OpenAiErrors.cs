using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Protocol;

namespace Sidecars.Predictor;

/// <summary>Errors of predictors that speak OpenAI's API; their object passes through beside the status.</summary>
internal static class OpenAiErrors
{
    /// <summary>An error answer.</summary>
    public static InferenceException Status(HttpResponseMessage answer, ReadOnlyMemory<byte> body, int maxDepth)
    {
        InferenceException plain = PredictorErrors.Status(answer, body.Span);
        return plain.Kind == ErrorKind.PredictorStatus && Details(Read(body, maxDepth)) is { } details
            ? new InferenceException(plain.Kind, Text(details, plain.Message))
            {
                HttpStatus = plain.HttpStatus,
                RetryAfterSeconds = plain.RetryAfterSeconds,
                PredictorError = details,
            }
            : plain;
    }

    /// <summary>An event that is an error instead of a chunk; null when it is none.</summary>
    public static InferenceException? Event(JsonObject chunk) =>
        chunk["error"] is { } error
            ? new InferenceException(ErrorKind.PredictorStatus, Text(Details(chunk), (error as JsonValue)?.ToString() ?? "The predictor failed."))
            {
                HttpStatus = Code(error) is >= 400 and < 600 and var code ? code : 502,
                PredictorError = Details(chunk),
            }
            : null;

    /// <summary>The object with the message: under "error", or, as some servers write it, the whole.</summary>
    private static JsonObject? Details(JsonObject? body)
    {
        JsonObject? details = body?["error"] as JsonObject ?? body;
        return details?["message"]?.GetValueKind() == JsonValueKind.String ? details : null;
    }

    private static string Text(JsonObject? details, string otherwise) => details is null ? otherwise : (string)details["message"]!;

    private static int? Code(JsonNode error) =>
        int.TryParse((error as JsonObject)?["code"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : null;

    private static JsonObject? Read(ReadOnlyMemory<byte> body, int maxDepth)
    {
        try
        {
            return JsonObjects.Parse(body, maxDepth);
        }
        catch (InferenceException)
        {
            return null;
        }
    }
}
