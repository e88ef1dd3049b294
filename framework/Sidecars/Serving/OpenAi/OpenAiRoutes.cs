using Microsoft.AspNetCore.Http;
using Sidecars.Pipeline;
using Sidecars.Predictor;

namespace Sidecars.Serving;

/// <summary>The OpenAI routes as a whole: whether there are any, where, and who answers them.</summary>
internal sealed class OpenAiRoutes
{
    private readonly OpenAiEndpoint _calls;
    private readonly OpenAiModels _models;

    public OpenAiRoutes(ModelRegistry models, OpenAiClient client, OpenAiEndpoint calls, OpenAiModels list, SidecarOptions options)
    {
        _calls = calls;
        _models = list;
        Prefix = models.Registered.Any(static r => r.Model is OpenAIProxyModel) ? options.OpenAiRoutePrefix : null;
        if (Prefix is null)
        {
            return;
        }

        try
        {
            client.Open();
        }
        catch (ArgumentException e)
        {
            throw new SidecarConfigurationException(e.Message, e);
        }
    }

    /// <summary>What stands in front of the routes; null when no model speaks OpenAI's API, and there are none.</summary>
    public string? Prefix { get; }

    public OpenAiRoute Match(string path, out string model)
    {
        model = "";
        return Prefix is null ? OpenAiRoute.NotFound : OpenAiRouter.Match(path, Prefix, out model);
    }

    public Task HandleAsync(HttpContext http, OpenAiRoute route, string model) => route switch
    {
        OpenAiRoute.Completions => _calls.HandleAsync(http, OpenAiOperation.Completion),
        OpenAiRoute.ChatCompletions => _calls.HandleAsync(http, OpenAiOperation.ChatCompletion),
        OpenAiRoute.Embeddings => _calls.HandleAsync(http, OpenAiOperation.Embedding),
        OpenAiRoute.Rerank => _calls.HandleAsync(http, OpenAiOperation.Rerank),
        OpenAiRoute.Models => _models.ListAsync(http),
        _ => _models.GetAsync(http, model),
    };
}
