using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sidecars.Protocol;

namespace Sidecars.Testing.Scripted;

/// <summary>What a predictor is asked over REST besides predictions.</summary>
internal static class RestProbes
{
    public static async Task AnswerAsync(ScriptedPredictor predictor, HttpContext http, string path)
    {
        predictor.RecordProbe("GET " + path);
        (int status, JsonObject body) = Answer(predictor, path);
        http.Response.StatusCode = status;
        http.Response.ContentType = MediaTypes.Json;
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body.ToJsonString()), http.RequestAborted).ConfigureAwait(false);
    }

    private static (int Status, JsonObject Body) Answer(ScriptedPredictor predictor, string path)
    {
        if (path.EndsWith("/v2/health/live", StringComparison.Ordinal))
        {
            return (200, new JsonObject { ["live"] = true });
        }

        if (path.EndsWith("/v2/health/ready", StringComparison.Ordinal))
        {
            return Ready(predictor.ServerReady);
        }

        if (path.Contains("/v2/models/", StringComparison.Ordinal) && !path.EndsWith("/ready", StringComparison.Ordinal))
        {
            return predictor.Metadata is { } metadata
                ? (200, Describe(metadata))
                : (404, new JsonObject { ["error"] = "the scripted predictor has no metadata" });
        }

        if (path.Contains("/models/", StringComparison.Ordinal))
        {
            return Ready(predictor.ModelReady);
        }

        // V1 knows no readiness of the server, only that it answers here.
        return predictor.ServerReady ? (200, new JsonObject { ["status"] = "alive" }) : Ready(false);
    }

    private static (int Status, JsonObject Body) Ready(bool ready) => (ready ? 200 : 503, new JsonObject { ["ready"] = ready });

    private static JsonObject Describe(ModelMetadata metadata) => new()
    {
        ["name"] = metadata.Name,
        ["versions"] = null,
        ["platform"] = metadata.Platform,
        ["inputs"] = Describe(metadata.Inputs),
        ["outputs"] = Describe(metadata.Outputs),
    };

    private static JsonArray Describe(IReadOnlyList<TensorMetadata> tensors) => new([.. tensors.Select(static t => new JsonObject
    {
        ["name"] = t.Name,
        ["datatype"] = t.Datatype.Name(),
        ["shape"] = new JsonArray([.. t.Shape.Select(static d => JsonValue.Create(d))]),
    })]);
}
