using System.Globalization;

namespace Sidecars.Predictor;

/// <summary>The time one call may take: the client's own limit or what is left of the caller's deadline.</summary>
internal sealed class CallLimit : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _outer;
    private readonly CancellationToken _cancellation;
    private readonly bool _deadlineIsShorter;

    private CallLimit(TimeSpan timeout, bool deadlineIsShorter, TimeProvider time, CancellationToken cancellation)
    {
        Timeout = timeout;
        _deadlineIsShorter = deadlineIsShorter;
        _cancellation = cancellation;
        _source = new CancellationTokenSource(timeout, time);
        _outer = cancellation.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), _source);
    }

    public TimeSpan Timeout { get; }

    public CancellationToken Token => _source.Token;

    /// <summary>Whether time ran out, rather than the caller going away.</summary>
    public bool Expired => _source.IsCancellationRequested && !_cancellation.IsCancellationRequested;

    public static CallLimit Start(TimeSpan? deadline, InferenceClientOptions options, CancellationToken cancellation)
    {
        bool shorter = deadline < options.Timeout;
        TimeSpan timeout = shorter ? deadline!.Value : options.Timeout;
        return new CallLimit(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero, shorter, options.TimeProvider, cancellation);
    }

    /// <summary>Counts anew: for a stream, whose limit is how long nothing comes.</summary>
    public void Restart() => _source.CancelAfter(Timeout);

    /// <summary>Stops counting, while it is not the predictor that is waited for.</summary>
    public void Pause() => _source.CancelAfter(System.Threading.Timeout.InfiniteTimeSpan);

    public InferenceException TimeoutError(Uri address, Exception inner) => new(
        _deadlineIsShorter ? ErrorKind.DeadlineExceeded : ErrorKind.PredictorTimeout,
        _deadlineIsShorter
            ? $"The predictor at {address.Authority} did not answer before the request's deadline."
            : $"The predictor at {address.Authority} did not answer within {Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s"
                + " (--predictor_request_timeout_seconds).",
        inner);

    public void Dispose()
    {
        _outer.Dispose();
        _source.Dispose();
    }
}
