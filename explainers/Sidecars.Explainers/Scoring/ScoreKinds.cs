namespace Sidecars.Explainers.Scoring;

/// <summary>
/// What scores are when nobody says: probabilities where each row is from 0 to 1 and sums to 1, or where a classifier
/// gives one number from 0 to 1; other scores of a classifier are margins, other numbers values.
/// </summary>
internal static class ScoreKinds
{
    // Half precision has 11 bits.
    private const double Tolerance = 2e-3;

    /// <param name="scores">Scores of some rows, [rows, <paramref name="outputs"/>].</param>
    /// <param name="outputs">How many a row has.</param>
    /// <param name="classifies">Whether the model is known to give classes.</param>
    public static ScoreKind Of(ReadOnlySpan<double> scores, int outputs, bool classifies)
    {
        ScoreKind otherwise = classifies ? ScoreKind.Margin : ScoreKind.Value;
        if (scores.IsEmpty || (outputs == 1 && !classifies))
        {
            return otherwise;
        }

        for (int at = 0; at < scores.Length; at += outputs)
        {
            double sum = 0;
            foreach (double score in scores.Slice(at, outputs))
            {
                if (!(score >= -Tolerance && score <= 1 + Tolerance))
                {
                    return otherwise;
                }

                sum += score;
            }

            if (outputs > 1 && Math.Abs(sum - 1) > Tolerance)
            {
                return otherwise;
            }
        }

        return ScoreKind.Probability;
    }
}
