using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sidecars.Pipeline;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>Tells which language models there are, and whether one is ready.</summary>
internal sealed class OpenAiModels(ModelRegistry models, Readiness readiness, TimeProvider time)
{
    private readonly long _started = time.GetUtcNow().ToUnixTimeSeconds();

    public Task ListAsync(HttpContext http)
    {
        var data = new JsonArray();
        foreach (RegisteredModel registered in models.Registered)
        {
            if (registered.Model is OpenAIProxyModel)
            {
                data.Add((JsonNode)Describe(registered.Name));
            }
        }

        return WriteAsync(http, new JsonObject { ["object"] = "list", ["data"] = data });
    }

    /// <summary>KServe's way to ask for a model's health, answered with OpenAI's description of it.</summary>
    public async Task GetAsync(HttpContext http, string name)
    {
        InferenceException? error =
            models.Find(name) is not { Model: OpenAIProxyModel } registered ? InferenceException.ModelNotFound(name)
            : !await readiness.IsModelReadyAsync(registered, http.RequestAborted).ConfigureAwait(false) ? InferenceException.ModelNotReady(name)
            : null;
        await (error is null ? WriteAsync(http, Describe(name)) : OpenAiError.WriteAsync(http, error)).ConfigureAwait(false);
    }

    private JsonObject Describe(string name) =>
        new() { ["id"] = name, ["object"] = "model", ["created"] = _started, ["owned_by"] = "" };

    private static Task WriteAsync(HttpContext http, JsonObject answer)
    {
        using PooledBuffer json = JsonObjects.Write(answer);
        return JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, json.WrittenSpan);
    }
}
