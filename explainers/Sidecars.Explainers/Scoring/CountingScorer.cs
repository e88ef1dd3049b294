using Sidecars.Explainers.Scoring;

namespace Sidecars.Explainers;

/// <summary>Counts what one explanation costs: calls, rows and the time its rows were with the model.</summary>
/// <param name="scorer">What scores.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class CountingScorer(IScorer scorer, TimeProvider? time = null) : ICoalitionScorer
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private long _calls;
    private long _rows;
    private long _ticks;

    /// <inheritdoc/>
    public int Features => scorer.Features;

    /// <summary>How many calls were made.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>How many rows the model answered for, whether each was sent or a scorer knew the answer from others.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>How long the calls took; calls at the same time count each.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(0, Interlocked.Read(ref _ticks));

    bool ICoalitionScorer.ScoresCoalitions => scorer is ICoalitionScorer { ScoresCoalitions: true };

    /// <inheritdoc/>
    public ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> rows, CancellationToken cancellation = default) =>
        CountAsync(rows.Length / Features, () => scorer.ScoreAsync(rows, cancellation));

    ValueTask<Scores> ICoalitionScorer.ScoreCoalitionsAsync(
        ReadOnlyMemory<float> row, CoalitionSet coalitions, Background background, CancellationToken cancellation) =>
        CountAsync(
            (long)coalitions.Count * background.Rows.Rows,
            () => ((ICoalitionScorer)scorer).ScoreCoalitionsAsync(row, coalitions, background, cancellation));

    private async ValueTask<Scores> CountAsync(long rows, Func<ValueTask<Scores>> score)
    {
        long start = _time.GetTimestamp();
        Interlocked.Increment(ref _calls);
        Interlocked.Add(ref _rows, rows);
        try
        {
            return await score().ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Add(ref _ticks, _time.GetTimestamp() - start);
        }
    }
}
