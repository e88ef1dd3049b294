using Microsoft.Extensions.Time.Testing;

namespace Sidecars.Management.Tests.Cluster;

/// <summary>A clock that stands still until it is moved, and tells who waits how long.</summary>
internal sealed class SignallingTime : TimeProvider
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 1, 10, 0, 0, TimeSpan.Zero));
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _asked = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

    public override long GetTimestamp() => _time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = _time.CreateTimer(callback, state, dueTime, period);
        lock (_lock)
        {
            _asked.Add(dueTime);
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return timer;
    }

    /// <summary>Waits until somebody waits for that long, for the n-th time, and lets the time pass.</summary>
    public async Task PassAsync(TimeSpan wait, int occurrence = 1)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_asked.Count(a => a == wait) >= occurrence)
                {
                    break;
                }

                more = _more.Task;
            }

            await more.WaitAsync(TimeSpan.FromSeconds(30));
        }

        _time.Advance(wait);
    }
}
