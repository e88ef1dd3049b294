using System.Numerics.Tensors;

namespace Sidecars.Explainers.Scoring;

/// <summary>Makes a model's answers of its margins, many rows at once, in float64.</summary>
internal static class ScoreTransforms
{
    /// <summary>How many numbers a row of <paramref name="margins"/> margins answers.</summary>
    public static int Outputs(this ScoreTransform transform, int margins) =>
        transform is ScoreTransform.Complement or ScoreTransform.Opposite or ScoreTransform.LogisticPair ? 2 : margins;

    /// <summary>Whether the answer is, but for constants, the margins themselves, so that a mean of answers is an answer to means.</summary>
    public static bool IsAffine(this ScoreTransform transform) => transform is ScoreTransform.Identity or ScoreTransform.Complement or ScoreTransform.Opposite;

    /// <summary>Applies a transform.</summary>
    /// <param name="transform">Which.</param>
    /// <param name="margins">[rows, <paramref name="width"/>]; may be overwritten.</param>
    /// <param name="width">How many margins a row has.</param>
    /// <param name="scores">Where the answers go, [rows, outputs].</param>
    public static void Apply(this ScoreTransform transform, Span<double> margins, int width, Span<double> scores)
    {
        switch (transform)
        {
            case ScoreTransform.Identity:
                margins.CopyTo(scores);
                break;
            case ScoreTransform.Logistic:
                TensorPrimitives.Sigmoid<double>(margins, scores);
                break;
            case ScoreTransform.LogisticPair:
                // σ(−m) as 1 − σ(m) would lose the small ones; it is worked out from the same exponential.
                TensorPrimitives.Negate<double>(margins, margins);
                TensorPrimitives.Exp<double>(margins, margins);
                for (int i = 0; i < margins.Length; i++)
                {
                    double e = margins[i];
                    double second = 1 / (1 + e);
                    scores[2 * i] = double.IsPositiveInfinity(e) ? 1 : e * second;
                    scores[(2 * i) + 1] = second;
                }

                break;
            case ScoreTransform.Complement:
                for (int i = 0; i < margins.Length; i++)
                {
                    scores[2 * i] = 1 - margins[i];
                    scores[(2 * i) + 1] = margins[i];
                }

                break;
            case ScoreTransform.Opposite:
                for (int i = 0; i < margins.Length; i++)
                {
                    scores[2 * i] = -margins[i];
                    scores[(2 * i) + 1] = margins[i];
                }

                break;
            case ScoreTransform.LogisticShare:
                TensorPrimitives.Sigmoid<double>(margins, scores);
                Share(scores, width);
                break;
            case ScoreTransform.Softmax:
                SubtractHighest(margins, width);
                TensorPrimitives.Exp<double>(margins, scores);
                Share(scores, width);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(transform), transform, null);
        }
    }

    private static void Share(Span<double> scores, int width)
    {
        for (int at = 0; at < scores.Length; at += width)
        {
            Span<double> row = scores.Slice(at, width);
            TensorPrimitives.Divide(row, TensorPrimitives.Sum<double>(row), row);
        }
    }

    private static void SubtractHighest(Span<double> margins, int width)
    {
        for (int at = 0; at < margins.Length; at += width)
        {
            Span<double> row = margins.Slice(at, width);
            TensorPrimitives.Subtract(row, TensorPrimitives.Max<double>(row), row);
        }
    }
}
