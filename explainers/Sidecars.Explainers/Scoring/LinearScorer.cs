using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// Scores with a linear model read from its file, in float64. It plays the whole coalition game without making rows:
/// see <see cref="LinearGame"/>.
/// </summary>
/// <param name="model">The model.</param>
internal sealed class LinearScorer(LinearModel model) : ICoalitionScorer
{
    private const int RowsPerBlock = 256;

    public int Features => model.Features;

    public bool ScoresCoalitions => true;

    public ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> rows, CancellationToken cancellation = default)
    {
        int count = rows.Length / Features;
        double[] scores = GC.AllocateUninitializedArray<double>(count * model.Outputs);
        double[] margins = GC.AllocateUninitializedArray<double>(Math.Min(count, RowsPerBlock) * model.Margins);
        for (int start = 0; start < count; start += RowsPerBlock)
        {
            cancellation.ThrowIfCancellationRequested();
            int block = Math.Min(RowsPerBlock, count - start);
            model.ReadMargins(rows.Span.Slice(start * Features, block * Features), margins.AsSpan(0, block * model.Margins));
            model.Transform.Apply(
                margins.AsSpan(0, block * model.Margins), model.Margins, scores.AsSpan(start * model.Outputs, block * model.Outputs));
        }

        return new(new Scores(scores, model.Outputs, model.Kind));
    }

    public ValueTask<Scores> ScoreCoalitionsAsync(
        ReadOnlyMemory<float> row, CoalitionSet coalitions, Background background, CancellationToken cancellation) =>
        new(new Scores(new LinearGame(model, background, row.Span).Play(coalitions, cancellation), model.Outputs, model.Kind));
}
