using Sidecars.Predictor;

namespace Sidecars.Pipeline;

/// <summary>
/// Whether this process may be sent requests: its models are loaded, it is not about to stop, and, when so configured,
/// the predictor is ready too. The predictor is asked each time: an answer kept would be an answer out of date.
/// </summary>
internal sealed class Readiness(ModelRegistry models, IPredictor predictor, OpenAiClient openAi, SidecarOptions options)
{
    private volatile bool _stopping;

    public bool IsStopping => _stopping;

    /// <summary>From now on the server says it is not ready, so that no new requests are sent to it.</summary>
    public void BeginStopping() => _stopping = true;

    public async ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation)
    {
        if (_stopping || !models.AllReady)
        {
            return false;
        }

        if (!options.EnablePredictorHealthCheck)
        {
            return true;
        }

        List<Model> all = [.. models.Registered.Select(static r => r.Model).Distinct()];
        List<OpenAIProxyModel> proxies = [.. all.OfType<OpenAIProxyModel>()];
        foreach (OpenAIProxyModel proxy in proxies)
        {
            if (!await AskAsync(IsHealthyAsync(proxy, cancellation)).ConfigureAwait(false))
            {
                return false;
            }
        }

        // A language model's predictor need not know KServe's own health routes.
        return (all.Count > 0 && proxies.Count == all.Count)
            || await AskAsync(predictor.IsServerReadyAsync(cancellation)).ConfigureAwait(false);
    }

    public async ValueTask<bool> IsModelReadyAsync(RegisteredModel registered, CancellationToken cancellation)
    {
        if (_stopping || !registered.Model.Ready)
        {
            return false;
        }

        string name = options.PredictorModelName ?? registered.Model.Name;
        return !options.EnablePredictorHealthCheck
            || await AskAsync(registered.Model is OpenAIProxyModel proxy
                ? IsHealthyAsync(proxy, cancellation)
                : predictor.IsModelReadyAsync(name, cancellation)).ConfigureAwait(false);
    }

    private ValueTask<bool> IsHealthyAsync(OpenAIProxyModel proxy, CancellationToken cancellation) =>
        openAi.IsHealthyAsync(proxy.PredictorUrl, proxy.HealthEndpoint, cancellation);

    /// <summary>A predictor that cannot be reached is not ready; it is no error of ours.</summary>
    private static async ValueTask<bool> AskAsync(ValueTask<bool> asked)
    {
        try
        {
            return await asked.ConfigureAwait(false);
        }
        catch (InferenceException)
        {
            return false;
        }
    }
}
