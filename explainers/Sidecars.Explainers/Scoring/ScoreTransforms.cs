using System.Runtime.CompilerServices;
using Sidecars.Explainers.Graphs;

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
            case ScoreTransform.Complement:
                Pair(margins, 1, scores);
                break;
            case ScoreTransform.Opposite:
                Pair(margins, 0, scores);
                break;
            case ScoreTransform.LogisticPair:
                DoubleSpans.Exp(margins, -1);
                LogisticPair(margins, scores);
                break;
            case ScoreTransform.Logistic:
                margins.CopyTo(scores);
                DoubleSpans.Logistic(scores);
                break;
            case ScoreTransform.LogisticShare:
                margins.CopyTo(scores);
                DoubleSpans.Logistic(scores);
                Share(scores, width);
                break;
            case ScoreTransform.Softmax:
                margins.CopyTo(scores);
                SubtractHighest(scores, width);
                DoubleSpans.Exp(scores);
                Share(scores, width);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(transform), transform, null);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pair(ReadOnlySpan<double> margins, double whole, Span<double> scores)
    {
        for (int i = 0; i < margins.Length; i++)
        {
            scores[2 * i] = whole - margins[i];
            scores[(2 * i) + 1] = margins[i];
        }
    }

    // e = exp(−m): σ(m) = 1 / (1 + e), and σ(−m) = e / (1 + e), which 1 − σ(m) would round away.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LogisticPair(ReadOnlySpan<double> exponentials, Span<double> scores)
    {
        for (int i = 0; i < exponentials.Length; i++)
        {
            double second = 1 / (1 + exponentials[i]);
            scores[2 * i] = exponentials[i] * second;
            scores[(2 * i) + 1] = second;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Share(Span<double> scores, int width)
    {
        for (int at = 0; at < scores.Length; at += width)
        {
            double total = 0;
            foreach (double score in scores.Slice(at, width))
            {
                total += score;
            }

            foreach (ref double score in scores.Slice(at, width))
            {
                score /= total;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractHighest(Span<double> margins, int width)
    {
        for (int at = 0; at < margins.Length; at += width)
        {
            double highest = margins[at];
            foreach (double margin in margins.Slice(at, width))
            {
                highest = Math.Max(highest, margin);
            }

            foreach (ref double margin in margins.Slice(at, width))
            {
                margin -= highest;
            }
        }
    }
}
