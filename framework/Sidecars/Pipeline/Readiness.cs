using System.Collections.Concurrent;

namespace Sidecars.Pipeline;

/// <summary>
/// Whether this process may be sent requests: its models are loaded, it is not about to stop, and, when so configured,
/// the predictor is ready too. The predictor's answer is kept for a second, for probes come often.
/// </summary>
internal sealed class Readiness(ModelRegistry models, IPredictor predictor, SidecarOptions options, TimeProvider time)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (bool Ready, long At)> _predictor = new(StringComparer.Ordinal);
    private volatile bool _stopping;

    public bool IsStopping => _stopping;

    /// <summary>From now on the server says it is not ready, so that no new requests are sent to it.</summary>
    public void BeginStopping() => _stopping = true;

    public async ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation) =>
        !_stopping && models.AllReady
        && (!options.EnablePredictorHealthCheck
            || await AskAsync("", static (p, _, c) => p.IsServerReadyAsync(c), cancellation).ConfigureAwait(false));

    public async ValueTask<bool> IsModelReadyAsync(RegisteredModel registered, CancellationToken cancellation) =>
        !_stopping && registered.Model.Ready
        && (!options.EnablePredictorHealthCheck
            || await AskAsync(
                options.PredictorModelName ?? registered.Model.Name, static (p, name, c) => p.IsModelReadyAsync(name, c), cancellation)
                .ConfigureAwait(false));

    private async ValueTask<bool> AskAsync(
        string name, Func<IPredictor, string, CancellationToken, ValueTask<bool>> ask, CancellationToken cancellation)
    {
        if (_predictor.TryGetValue(name, out (bool Ready, long At) last) && time.GetElapsedTime(last.At) < s_fresh)
        {
            return last.Ready;
        }

        bool ready;
        try
        {
            ready = await ask(predictor, name, cancellation).ConfigureAwait(false);
        }
        catch (InferenceException)
        {
            ready = false;
        }

        _predictor[name] = (ready, time.GetTimestamp());
        return ready;
    }
}
