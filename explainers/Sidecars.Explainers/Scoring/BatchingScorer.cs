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
    private readonly MergeQueue _queue;
    private readonly Lock _lock;
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
        _queue = new MergeQueue(
            scorer.Features, (options ?? new BatchingOptions()).Checked(), time ?? TimeProvider.System, run => _ = RunAsync(run));
        _lock = _queue.Lock;
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
            ObjectDisposedException.ThrowIf(_queue.Closed, this);
            run = _queue.Add(call);
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
            run = _queue.Close();
        }

        if (run is not null)
        {
            _ = RunAsync(run);
        }

        await _queue.DisposeAsync().ConfigureAwait(false);
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
                LetGo(run);
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
                next = _queue.End(run);
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
                    _queue.Drop(part.Call);
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
            _queue.Drop(part.Call);
            part.Call.Fail(e);
        }
    }

    /// <summary>The rows are copied: who went away meanwhile has their own back. A single caller's are read where they are.</summary>
    private void LetGo(MergedRun run)
    {
        if (run.Parts.Count == 1)
        {
            return;
        }

        lock (_lock)
        {
            run.HasCopy = true;
            foreach (MergedPart part in run.Parts)
            {
                if (part.Call.Cancellation.IsCancellationRequested)
                {
                    part.Call.Cancel();
                }
            }
        }
    }

    /// <summary>
    /// A caller went away: rows that wait are dropped, and a run that nobody else is in is given up. The caller hears of it
    /// once nobody reads the rows any more.
    /// </summary>
    private void Withdraw(MergedCall call)
    {
        MergedRun? alone = null;
        lock (_lock)
        {
            _queue.Drop(call);
            if (call.ReadBy is not { } run)
            {
                call.Cancel();
            }
            else
            {
                if (run.HasCopy)
                {
                    call.Cancel();
                }

                alone = run.Leave() ? run : null;
            }
        }

        alone?.Cancel();
    }
}
