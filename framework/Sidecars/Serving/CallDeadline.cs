namespace Sidecars.Serving;

/// <summary>
/// When a call has to be done: by <c>--request_timeout_seconds</c> or by the caller's own deadline, whichever comes
/// first. The token fires then, and when the caller goes away.
/// </summary>
internal readonly struct CallDeadline : IDisposable
{
    private readonly CancellationTokenSource? _timer;
    private readonly CancellationTokenRegistration _caller;

    private CallDeadline(DateTimeOffset? at, CancellationToken token, CancellationTokenSource? timer, CancellationTokenRegistration caller)
    {
        At = at;
        Token = token;
        _timer = timer;
        _caller = caller;
    }

    public DateTimeOffset? At { get; }

    public CancellationToken Token { get; }

    public static CallDeadline Start(CallHost host, DateTimeOffset? callers, CancellationToken caller)
    {
        if (host.Options.RequestTimeout is not { } timeout || callers <= host.Time.GetUtcNow() + timeout)
        {
            return new CallDeadline(callers, caller, null, default);
        }

        var timer = new CancellationTokenSource(timeout, host.Time);
        CancellationTokenRegistration registration =
            caller.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), timer);
        return new CallDeadline(host.Time.GetUtcNow() + timeout, timer.Token, timer, registration);
    }

    public void Dispose()
    {
        _caller.Dispose();
        _timer?.Dispose();
    }
}
