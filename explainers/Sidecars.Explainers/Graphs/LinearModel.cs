using System.Runtime.CompilerServices;
using Sidecars.Explainers.Scoring;

namespace Sidecars.Explainers.Graphs;

/// <summary>
/// A linear model as a function of its inputs: every margin is an intercept plus one term for each feature,
/// <c>t_j(x_j)</c>, which is a multiple of the feature, a table over its categories, or both.
/// </summary>
internal sealed class LinearModel
{
    /// <summary>How many features a row has.</summary>
    public required int Features { get; init; }

    /// <summary>How many sums there are: 1 for a binary classifier, whose classes share one.</summary>
    public required int Margins { get; init; }

    /// <summary>How many numbers the model answers for a row.</summary>
    public required int Outputs { get; init; }

    /// <summary>What every row starts from, [<see cref="Margins"/>].</summary>
    public required double[] Intercepts { get; init; }

    /// <summary>What a feature is multiplied by, [<see cref="Features"/>][<see cref="Margins"/>]; null for a feature that is not.</summary>
    public required double[]?[] Slopes { get; init; }

    /// <summary>What a feature's categories add, [<see cref="Features"/>]; null for a feature that has none.</summary>
    public required CategoryTable?[] Tables { get; init; }

    /// <summary>What makes the answer of the margins.</summary>
    public required ScoreTransform Transform { get; init; }

    /// <summary>What the answer is.</summary>
    public required ScoreKind Kind { get; init; }

    /// <summary>Adds t_j(x) to the margins of one row.</summary>
    public void AddTerm(int feature, float value, Span<double> margins)
    {
        if (Slopes[feature] is { } slopes)
        {
            for (int m = 0; m < margins.Length; m++)
            {
                margins[m] += slopes[m] * value;
            }
        }

        if (Tables[feature] is { } table && table.Find(value) is >= 0 and int code)
        {
            ReadOnlySpan<double> weights = table.Weights.AsSpan(code * Margins, Margins);
            for (int m = 0; m < margins.Length; m++)
            {
                margins[m] += weights[m];
            }
        }
    }

    /// <summary>The margins of rows, worked out feature by feature.</summary>
    /// <param name="rows">[n, <see cref="Features"/>].</param>
    /// <param name="margins">[n, <see cref="Margins"/>].</param>
    public void ReadMargins(ReadOnlySpan<float> rows, Span<double> margins)
    {
        for (int m = 0; m < Margins; m++)
        {
            for (int i = m; i < margins.Length; i += Margins)
            {
                margins[i] = Intercepts[m];
            }
        }

        for (int j = 0; j < Features; j++)
        {
            if (Slopes[j] is { } slopes)
            {
                AddMultiples(rows[j..], Features, slopes, margins);
            }

            if (Tables[j] is { } table)
            {
                AddEntries(rows[j..], Features, table, Margins, margins);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddMultiples(ReadOnlySpan<float> values, int stride, ReadOnlySpan<double> slopes, Span<double> margins)
    {
        for (int at = 0, i = 0; i < margins.Length; at += stride)
        {
            double value = values[at];
            foreach (double slope in slopes)
            {
                margins[i++] += slope * value;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddEntries(ReadOnlySpan<float> values, int stride, CategoryTable table, int width, Span<double> margins)
    {
        for (int at = 0, i = 0; i < margins.Length; at += stride, i += width)
        {
            int code = table.Find(values[at]);
            for (int m = 0; code >= 0 && m < width; m++)
            {
                margins[i + m] += table.Weights[(code * width) + m];
            }
        }
    }
}
