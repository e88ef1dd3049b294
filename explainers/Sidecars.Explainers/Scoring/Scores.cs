namespace Sidecars.Explainers;

/// <summary>What a model says of some rows.</summary>
/// <param name="Values">The scores, [n, <paramref name="Outputs"/>], row after row. A model that gives out float32 has its
/// numbers here unchanged.</param>
/// <param name="Outputs">How many scores a row has: the classes of a classifier, 1 for a regression or for labels.</param>
/// <param name="Kind">What the numbers are.</param>
public readonly record struct Scores(ReadOnlyMemory<double> Values, int Outputs, ScoreKind Kind)
{
    /// <summary>How many rows were scored.</summary>
    public int Rows => Outputs == 0 ? 0 : Values.Length / Outputs;

    /// <summary>
    /// The class of each row: the label itself, or the index of its highest score, the lowest index where several are
    /// highest. A single probability or margin is that of class 1.
    /// </summary>
    /// <param name="labels">Where the classes go, one for each row.</param>
    public void ReadLabels(Span<int> labels)
    {
        ReadOnlySpan<double> values = Values.Span;
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<double> scores = values.Slice(row * Outputs, Outputs);
            labels[row] = Kind switch
            {
                ScoreKind.Label => (int)scores[0],
                ScoreKind.Probability when Outputs == 1 => scores[0] > 0.5 ? 1 : 0,
                ScoreKind.Margin when Outputs == 1 => scores[0] > 0 ? 1 : 0,
                _ => ArgMax(scores),
            };
        }
    }

    private static int ArgMax(ReadOnlySpan<double> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best])
            {
                best = i;
            }
        }

        return best;
    }
}
