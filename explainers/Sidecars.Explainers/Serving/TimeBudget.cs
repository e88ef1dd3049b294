namespace Sidecars.Explainers.Serving;

/// <summary>How long an explanation may take: what was asked for, or what the call leaves, whichever is less.</summary>
internal readonly struct TimeBudget
{
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly TimeSpan? _limit;

    private TimeBudget(TimeProvider time, TimeSpan? limit) => (_time, _start, _limit) = (time, time.GetTimestamp(), limit);

    /// <summary>What is left; at least a moment, so that there is an answer that says so.</summary>
    public TimeSpan? Left => _limit is not { } limit ? null
        : limit - _time.GetElapsedTime(_start) is var left && left > s_least ? left : s_least;

    /// <summary>Starts now.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="milliseconds">What was asked for; null for nothing.</param>
    /// <param name="deadline">When the call has to be over; null for never.</param>
    public static TimeBudget Start(TimeProvider time, int? milliseconds, DateTimeOffset? deadline)
    {
        TimeSpan? limit = milliseconds is { } asked ? TimeSpan.FromMilliseconds(asked) : null;
        if (deadline is { } at)
        {
            // A tenth of the call's time is kept, within limits, to end the round that is under way and to send the answer.
            TimeSpan left = at - time.GetUtcNow();
            TimeSpan kept = TimeSpan.FromMilliseconds(Math.Clamp(left.TotalMilliseconds / 10, 10, 500));
            limit = limit < left - kept ? limit : left - kept;
        }

        return new TimeBudget(time, limit);
    }
}
