using Microsoft.Extensions.Time.Testing;

namespace Sidecars.Explainers.Tests.Shap;

/// <summary>A model whose calls take 50 ms each, by a clock of the test's own.</summary>
internal sealed class TickingScorer(IScorer scorer, FakeTimeProvider time) : IScorer
{
    public int Features => scorer.Features;

    public ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> rows, CancellationToken cancellation = default)
    {
        time.Advance(TimeSpan.FromMilliseconds(50));
        return scorer.ScoreAsync(rows, cancellation);
    }
}
