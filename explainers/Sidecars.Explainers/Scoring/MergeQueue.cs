namespace Sidecars.Explainers.Scoring;

/// <summary>
/// Whose rows go next: calls wait in the order they came, and a run begins when the model is free and those who are likely
/// to come are there, or have been waited for long enough. It scores nothing. All of it but the timer's call is under
/// <see cref="Lock"/>, which whoever asks it holds.
/// </summary>
internal sealed class MergeQueue : IAsyncDisposable
{
    private readonly int _features;
    private readonly BatchingOptions _options;
    private readonly Action<MergedRun> _begin;
    private readonly ITimer _timer;
    private readonly LinkedList<MergedCall> _waiting = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _waitingRows;
    private bool _running;
    private int _expected = 1;
    private bool _gathering;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="features">How many features a row has.</param>
    /// <param name="options">How rows go together.</param>
    /// <param name="time">The clock.</param>
    /// <param name="begin">Starts a run that waited for the clock; outside of the lock.</param>
    public MergeQueue(int features, BatchingOptions options, TimeProvider time, Action<MergedRun> begin)
    {
        _features = features;
        _options = options;
        _begin = begin;
        _timer = time.CreateTimer(
            static state => ((MergeQueue)state!).StopGathering(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What everything here is under.</summary>
    public Lock Lock { get; } = new();

    /// <summary>Whether no more calls are taken.</summary>
    public bool Closed { get; private set; }

    /// <summary>Takes a call.</summary>
    /// <returns>The run that begins with it; null where it waits.</returns>
    /// <exception cref="InferenceException">Too many rows are waiting.</exception>
    public MergedRun? Add(MergedCall call)
    {
        if (_waitingRows > 0 && _waitingRows + call.Count > _options.MaxWaitingRows)
        {
            throw new InferenceException(ErrorKind.Overloaded, "Too many rows are waiting for the model.") { RetryAfterSeconds = 1 };
        }

        call.Place = _waiting.AddLast(call);
        _waitingRows += call.Count;
        return TryBegin();
    }

    /// <summary>Takes no more calls.</summary>
    /// <returns>The run of those who wait, if it begins now.</returns>
    public MergedRun? Close()
    {
        Closed = true;
        _gathering = false;
        MergedRun? run = TryBegin();
        EndIfIdle();
        return run;
    }

    /// <summary>After a run: whether the next begins now, or whether those who are likely to come back are waited for.</summary>
    public MergedRun? End(MergedRun run)
    {
        _running = false;
        foreach (MergedPart part in run.Parts)
        {
            part.Call.ReadBy = null;
        }

        // Who waits already is there; who just got the last of their scores may come again.
        _expected = _waiting.Count + run.Parts.Count(static p => p.Call.Place is null);
        if (_expected > 1 && _waiting.Count < _expected && !Closed && _options.MaxWait > TimeSpan.Zero)
        {
            _gathering = true;
            _timer.Change(_options.MaxWait, Timeout.InfiniteTimeSpan);
        }

        MergedRun? next = TryBegin();
        EndIfIdle();
        return next;
    }

    /// <summary>Takes a call's rows out of the queue.</summary>
    public void Drop(MergedCall call)
    {
        if (call.Place is { } place)
        {
            _waiting.Remove(place);
            _waitingRows -= call.Waiting;
            call.Place = null;
        }
    }

    /// <summary>Waits for the last run of a closed queue.</summary>
    public async ValueTask DisposeAsync()
    {
        await _idle.Task.ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private void EndIfIdle()
    {
        if (Closed && !_running)
        {
            _idle.TrySetResult();
        }
    }

    /// <summary>Takes waiting rows for a run, if it is time for one.</summary>
    private MergedRun? TryBegin()
    {
        if (_running || _waiting.Count == 0
            || (_gathering && _waiting.Count < _expected && _waitingRows < _options.MaxRows))
        {
            return null;
        }

        _gathering = false;
        _running = true;
        var run = new MergedRun(_features);

        // Everybody gets an equal share first; what is left over goes to whoever came first.
        int share = Math.Max(1, _options.MaxRows / _waiting.Count);
        long over = _options.MaxRows - _waiting.Sum(c => (long)Math.Min(c.Waiting, share));
        for (LinkedListNode<MergedCall>? at = _waiting.First, next; at is not null && run.Rows < _options.MaxRows; at = next)
        {
            next = at.Next;
            MergedCall call = at.Value;
            int count = Math.Min(call.Waiting, share);
            int more = (int)Math.Clamp(over, 0, call.Waiting - count);
            over -= more;
            run.Add(call, count + more);
            _waitingRows -= count + more;
            if (call.Waiting == 0)
            {
                _waiting.Remove(at);
                call.Place = null;
            }
        }

        return run;
    }

    private void StopGathering()
    {
        MergedRun? run;
        lock (Lock)
        {
            if (!_gathering)
            {
                return;
            }

            _gathering = false;
            run = TryBegin();
        }

        if (run is not null)
        {
            _begin(run);
        }
    }
}
