using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>OpenAI's form of an error: <c>{"error": {"message": …, "type": …, "param": …, "code": …}}</c>.</summary>
internal static class OpenAiError
{
    public static JsonObject Of(InferenceException e)
    {
        // The predictor's own object goes on as it wrote it, with what it left out added.
        JsonObject details = e.PredictorError?.DeepClone().AsObject() ?? new JsonObject { ["message"] = e.Message };
        if (details["type"] is null)
        {
            details["type"] = TypeOf(ErrorStatus.Http(e));
        }

        if (!details.ContainsKey("param"))
        {
            details["param"] = e.Kind == ErrorKind.ModelNotFound ? "model" : e.Parameter;
        }

        if (!details.ContainsKey("code"))
        {
            details["code"] = CodeOf(e.Kind);
        }

        return new JsonObject { ["error"] = details };
    }

    public static async Task WriteAsync(HttpContext http, InferenceException e)
    {
        if (e.RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        using PooledBuffer json = JsonObjects.Write(Of(e));
        await JsonAnswer.WriteAsync(http, ErrorStatus.Http(e), json.WrittenSpan).ConfigureAwait(false);
    }

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        < 500 => "invalid_request_error",
        _ => "server_error",
    };

    /// <summary>The codes that OpenAI's own API has for such errors, or words in their manner.</summary>
    private static string? CodeOf(ErrorKind kind) => kind switch
    {
        ErrorKind.ModelNotFound => "model_not_found",
        ErrorKind.ModelNotReady => "model_not_ready",
        ErrorKind.PayloadTooLarge => "request_too_large",
        ErrorKind.Overloaded => "overloaded",
        ErrorKind.RequestTimeout or ErrorKind.DeadlineExceeded => "timeout",
        ErrorKind.PredictorUnreachable => "predictor_unreachable",
        ErrorKind.PredictorTimeout => "predictor_timeout",
        ErrorKind.PredictorBody => "predictor_answer_unreadable",
        _ => null,
    };
}
