using Sidecars.Explainers.Scoring;

namespace Sidecars.Explainers;

/// <summary>
/// Merges the rows of calls that come at the same time into one run of the model, which then sees thousands of rows
/// where each caller alone has hundreds.
/// </summary>
/// <remarks>
/// A call that finds the model idle runs at once. What comes meanwhile waits, and goes together when the run is over.
/// Callers who ask again and again are waited for: a run begins when as many calls are there as took part in the last
/// one and came while it ran, or after <see cref="BatchingOptions.MaxWait"/>. Long calls go in parts, so that short ones
/// do not wait behind them. When a merged run fails, each caller's rows are tried once on their own, so that nobody pays
/// for another's. Scores may differ in their last digits from those of a run alone: a matrix product adds in another order.
/// </remarks>
public sealed class BatchingScorer : ICoalitionScorer, IAsyncDisposable
{
    private readonly IScorer _scorer;
    private readonly BatchingOptions _options;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly LinkedList<MergedCall> _waiting = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _waitingRows;
    private bool _running;
    private int _expected = 1;
    private bool _gathering;
    private bool _closed;
    private long _calls;
    private long _runs;
    private long _rows;

    /// <summary>Merges calls of a scorer; that stays the caller's to release.</summary>
    /// <param name="scorer">What scores. It must not matter to it who asks.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="SidecarConfigurationException">An option is out of its range.</exception>
    public BatchingScorer(IScorer scorer, BatchingOptions? options = null, TimeProvider? time = null)
    {
        _scorer = scorer;
        _options = (options ?? new BatchingOptions()).Checked();
        _timer = (time ?? TimeProvider.System).CreateTimer(
            static state => ((BatchingScorer)state!).StopGathering(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public int Features => _scorer.Features;

    /// <summary>How many calls came.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>How many runs the model made for them.</summary>
    public long Runs => Interlocked.Read(ref _runs);

    /// <summary>How many rows the runs had.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    bool ICoalitionScorer.ScoresCoalitions => _scorer is ICoalitionScorer { ScoresCoalitions: true };

    /// <inheritdoc/>
    public ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> rows, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _calls);
        ScorerMeter.Called();
        var call = new MergedCall(rows, rows.Length / Features, cancellation);
        MergedRun? run;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_waitingRows > 0 && _waitingRows + call.Count > _options.MaxWaitingRows)
            {
                throw new InferenceException(ErrorKind.Overloaded, "Too many rows are waiting for the model.") { RetryAfterSeconds = 1 };
            }

            call.Place = _waiting.AddLast(call);
            _waitingRows += call.Count;
            run = TryBegin();
        }

        if (cancellation.CanBeCanceled)
        {
            CancellationTokenRegistration registration = cancellation.UnsafeRegister(static state =>
            {
                (BatchingScorer self, MergedCall call) = ((BatchingScorer, MergedCall))state!;
                self.Withdraw(call);
            }, (this, call));
            lock (_lock)
            {
                if (call.IsOver)
                {
                    registration.Unregister();
                }
                else
                {
                    call.Registration = registration;
                }
            }
        }

        if (run is not null)
        {
            _ = RunAsync(run);
        }

        return new(call.Task);
    }

    ValueTask<Scores> ICoalitionScorer.ScoreCoalitionsAsync(
        ReadOnlyMemory<float> row, CoalitionSet coalitions, Background background, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _calls);
        ScorerMeter.Called();
        Interlocked.Increment(ref _runs);
        ScorerMeter.Merged();
        Interlocked.Add(ref _rows, (long)coalitions.Count * background.Rows.Rows);
        return ((ICoalitionScorer)_scorer).ScoreCoalitionsAsync(row, coalitions, background, cancellation);
    }

    /// <summary>Takes no more calls, and finishes those there are.</summary>
    public async ValueTask DisposeAsync()
    {
        MergedRun? run;
        lock (_lock)
        {
            _closed = true;
            _gathering = false;
            run = TryBegin();
            if (run is null && !_running)
            {
                _idle.TrySetResult();
            }
        }

        if (run is not null)
        {
            _ = RunAsync(run);
        }

        await _idle.Task.ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Takes waiting rows for a run, if it is time for one. Under the lock.</summary>
    private MergedRun? TryBegin()
    {
        if (_running || _waiting.Count == 0
            || (_gathering && _waiting.Count < _expected && _waitingRows < _options.MaxRows))
        {
            return null;
        }

        _gathering = false;
        _running = true;
        var run = new MergedRun(Features);

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

    private async Task RunAsync(MergedRun run)
    {
        using (run)
        {
            Scores scores = default;
            Exception? failure = null;
            ReadOnlyMemory<float> rows = default;
            try
            {
                rows = run.Gather();
                scores = await ScoreAsync(rows, run.Rows, run.Cancellation).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                failure = e;
            }

            bool again = failure is not null && run.Parts.Count > 1 && !rows.IsEmpty && !run.Cancellation.IsCancellationRequested;
            if (again)
            {
                await RunOneByOneAsync(run, rows).ConfigureAwait(false);
            }

            MergedRun? next;
            lock (_lock)
            {
                if (failure is not null && !again)
                {
                    Fail(run, failure);
                }

                // First what comes next, then the scores: who gets them may be back at once.
                next = End(run);
                if (failure is null)
                {
                    Give(run, scores);
                }
            }

            if (next is not null)
            {
                // Not here: this may be a caller's own thread, who wants to go on.
                ThreadPool.UnsafeQueueUserWorkItem(static s => _ = s.Self.RunAsync(s.Next), (Self: this, Next: next), preferLocal: false);
            }
        }
    }

    private async Task RunOneByOneAsync(MergedRun run, ReadOnlyMemory<float> rows)
    {
        foreach (MergedPart part in run.Parts)
        {
            if (part.Call.IsOver)
            {
                continue;
            }

            try
            {
                Scores scores = await ScoreAsync(
                    rows.Slice(part.At * Features, part.Count * Features), part.Count, part.Call.Cancellation).ConfigureAwait(false);
                lock (_lock)
                {
                    part.Call.Take(part.From, part.Count, scores, 0);
                }
            }
            catch (Exception e)
            {
                lock (_lock)
                {
                    Drop(part.Call);
                    part.Call.Fail(e);
                }
            }
        }
    }

    private async ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> rows, int count, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _runs);
        ScorerMeter.Merged();
        Interlocked.Add(ref _rows, count);
        Scores scores = await _scorer.ScoreAsync(rows, cancellation).ConfigureAwait(false);
        return scores.Rows == count ? scores
            : throw InferenceException.InferenceError($"the model scored {scores.Rows} rows of {count}");
    }

    private static void Give(MergedRun run, in Scores scores)
    {
        foreach (MergedPart part in run.Parts)
        {
            if (part.Call.IsOver)
            {
                continue;
            }

            if (part.Count == part.Call.Count && run.Parts.Count == 1)
            {
                part.Call.End(scores);
            }
            else
            {
                part.Call.Take(part.From, part.Count, scores, part.At);
            }
        }
    }

    private void Fail(MergedRun run, Exception e)
    {
        foreach (MergedPart part in run.Parts)
        {
            Drop(part.Call);
            part.Call.Fail(e);
        }
    }

    /// <summary>After a run: whether the next begins now, or whether those who are likely to come back are waited for.</summary>
    private MergedRun? End(MergedRun run)
    {
        _running = false;
        foreach (MergedPart part in run.Parts)
        {
            part.Call.ReadBy = null;
        }

        // Who waits already is there; who just got the last of their scores may come again.
        _expected = _waiting.Count + run.Parts.Count(static p => p.Call.Place is null);
        if (_expected > 1 && _waiting.Count < _expected && !_closed && _options.MaxWait > TimeSpan.Zero)
        {
            _gathering = true;
            _timer.Change(_options.MaxWait, Timeout.InfiniteTimeSpan);
        }

        MergedRun? next = TryBegin();
        if (_closed && !_running)
        {
            _idle.TrySetResult();
        }

        return next;
    }

    private void StopGathering()
    {
        MergedRun? run;
        lock (_lock)
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
            _ = RunAsync(run);
        }
    }

    /// <summary>A caller went away: rows that wait are dropped; a run that nobody else is in is given up.</summary>
    private void Withdraw(MergedCall call)
    {
        MergedRun? alone = null;
        lock (_lock)
        {
            Drop(call);
            if (call.ReadBy is not { } run)
            {
                call.Cancel();
            }
            else
            {
                if (run.Parts.Count > 1)
                {
                    // The run has a copy of the rows; nobody needs the caller's own.
                    call.Cancel();
                }

                alone = run.Leave() ? run : null;
            }
        }

        alone?.Cancel();
    }

    /// <summary>Takes a call's rows out of the queue.</summary>
    private void Drop(MergedCall call)
    {
        if (call.Place is { } place)
        {
            _waiting.Remove(place);
            _waitingRows -= call.Waiting;
            call.Place = null;
        }
    }
}
