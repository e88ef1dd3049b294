using Sidecars.Management.Api;

namespace Sidecars.Management.Diagnosis;

/// <summary>Follows a service until it is ready, gone, or out of time.</summary>
internal sealed class ReadinessWait(ApiServer server, string name, string @namespace, IProgress<ReadinessProgress>? progress)
{
    /// <summary>How long finding the reason may take, once the time is over.</summary>
    private static readonly TimeSpan s_reasonLimit = TimeSpan.FromSeconds(30);

    private InferenceService? _last;
    private string? _told;

    public async Task<InferenceService> RunAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        long start = server.Time.GetTimestamp();
        using var limit = new CancellationTokenSource(timeout, server.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await foreach (InferenceService? service in new ServiceFollower(server, name, @namespace)
                .FollowAsync(both.Token).ConfigureAwait(false))
            {
                if (service is null)
                {
                    throw new KServeException(
                        KServeError.NotFound,
                        _last is null
                            ? $"There is no InferenceService '{name}' in namespace '{@namespace}'."
                            : $"InferenceService '{name}' was deleted while it was waited for.");
                }

                _last = service;
                Tell(new ReadinessProgress(service, server.Time.GetElapsedTime(start)));
                if (service.IsReady)
                {
                    return service;
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // Told below.
        }

        throw await OutOfTimeAsync(timeout, cancellation).ConfigureAwait(false);
    }

    private void Tell(ReadinessProgress now)
    {
        // The object changes more often than what it says.
        string text = now.ToString();
        if (text != _told)
        {
            _told = text;
            progress?.Report(now);
        }
    }

    private async Task<KServeException> OutOfTimeAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        string span = timeout.TotalSeconds.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);
        if (_last is null)
        {
            return new KServeException(
                KServeError.Unreachable, $"InferenceService '{name}' could not be read within {span} s: the API server did not answer.");
        }

        using var limit = new CancellationTokenSource(s_reasonLimit, server.Time);
        NotReadyReason reason = await new ReasonFinder(server, @namespace, limit.Token).OfAsync(_last, cancellation).ConfigureAwait(false);
        return new KServeException(KServeError.NotReady, $"InferenceService '{name}' is not ready after {span} s.\n{reason}")
        {
            NotReady = reason,
        };
    }
}
