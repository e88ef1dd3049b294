using System.Threading.RateLimiting;
using Sidecars.Telemetry;

namespace Sidecars.Pipeline;

/// <summary>Lets so many requests work at once and so many wait; the next one is told to come back later.</summary>
internal sealed class ConcurrencyGate : IDisposable
{
    private readonly ConcurrencyLimiter? _limiter;
    private readonly SidecarMetrics _metrics;
    private readonly SidecarOptions _options;

    public ConcurrencyGate(SidecarOptions options, SidecarMetrics metrics)
    {
        _options = options;
        _metrics = metrics;
        if (options.MaxConcurrentRequests > 0)
        {
            _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
            {
                PermitLimit = options.MaxConcurrentRequests,
                QueueLimit = options.MaxQueuedRequests,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            });
        }
    }

    public ValueTask<Pass> EnterAsync(CancellationToken cancellation)
    {
        if (_limiter is null)
        {
            _metrics.InFlight.Increment();
            return new(new Pass(null, _metrics));
        }

        RateLimitLease lease = _limiter.AttemptAcquire();
        if (!lease.IsAcquired)
        {
            lease.Dispose();
            return WaitAsync(_limiter, cancellation);
        }

        _metrics.InFlight.Increment();
        return new(new Pass(lease, _metrics));
    }

    public void Dispose() => _limiter?.Dispose();

    private async ValueTask<Pass> WaitAsync(ConcurrencyLimiter limiter, CancellationToken cancellation)
    {
        _metrics.Queued.Increment();
        try
        {
            RateLimitLease lease = await limiter.AcquireAsync(1, cancellation).ConfigureAwait(false);
            if (!lease.IsAcquired)
            {
                lease.Dispose();
                throw new InferenceException(
                    ErrorKind.Overloaded,
                    $"Too many requests: {_options.MaxConcurrentRequests} are being worked on and {_options.MaxQueuedRequests} are waiting.")
                {
                    RetryAfterSeconds = 1,
                };
            }

            _metrics.InFlight.Increment();
            return new Pass(lease, _metrics);
        }
        finally
        {
            _metrics.Queued.Decrement();
        }
    }

    /// <summary>The right to work on one request, given back when disposed.</summary>
    public readonly struct Pass(RateLimitLease? lease, SidecarMetrics metrics) : IDisposable
    {
        public void Dispose()
        {
            metrics?.InFlight.Decrement();
            lease?.Dispose();
        }
    }
}
