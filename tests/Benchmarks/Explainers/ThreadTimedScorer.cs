using Sidecars.Explainers;

namespace Explainers.Benchmarks;

/// <summary>Counts calls and the processor time that a scorer takes on the calling thread.</summary>
internal sealed class ThreadTimedScorer(IScorer scorer) : IScorer
{
    public int Features => scorer.Features;

    public long Calls { get; private set; }

    public double Milliseconds { get; private set; }

    public ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> rows, CancellationToken cancellation = default)
    {
        double start = ThreadClock.Milliseconds;
        ValueTask<Scores> scores = scorer.ScoreAsync(rows, cancellation);
        Milliseconds += ThreadClock.Milliseconds - start;
        Calls++;
        return scores;
    }
}
