namespace Sidecars.Explainers.Progress;

/// <summary>
/// Lets reports through at most every 50 ms and one at a time, so that who listens never slows down the work. The first one
/// passes at once. What comes in between is left out: the next report says more.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class ReportPace(TimeProvider time)
{
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private long? _last;

    /// <summary>Reports, unless it is too early or another thread is about to.</summary>
    public void Try(Action report)
    {
        if (!_lock.TryEnter())
        {
            return;
        }

        try
        {
            long now = time.GetTimestamp();
            if (_last is not { } last || time.GetElapsedTime(last, now) >= s_between)
            {
                _last = now;
                report();
            }
        }
        finally
        {
            _lock.Exit();
        }
    }
}
