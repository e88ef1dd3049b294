using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// The game of one row on a linear model. The margin of coalition S on background row b is a sum of one term for each
/// feature, the row's or the background row's. Features are taken in chunks of six; for each chunk the sums of all its
/// 64 subsets are laid out beforehand, for all background rows side by side, so that a coalition costs one vector addition
/// for each chunk. Since exp turns sums into products, logistic and softmax models keep the exponentials of the sums, and
/// a coalition costs no exponential at all.
/// </summary>
internal sealed class LinearGame
{
    private const int CoalitionsPerCheck = 256;

    private readonly LinearModel _model;
    private readonly int _rows;
    private readonly double[] _weights;
    private readonly bool _exponentials;
    private readonly SubsetTables[] _tables;

    public LinearGame(LinearModel model, Background background, ReadOnlySpan<float> row)
    {
        _model = model;
        _rows = background.Rows.Rows;
        int padded = (_rows + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        _weights = new double[padded];
        background.Weights.Span.CopyTo(_weights);
        int sign = model.Transform.IsAffine() ? 0 : model.Transform == ScoreTransform.Softmax ? 1 : -1;
        var terms = new LinearTerms(model, background, row, padded, sign);
        _exponentials = terms.AreExponentials;
        _tables = [.. Enumerable.Range(0, model.Margins).Select(margin => new SubsetTables(terms, margin))];
    }

    /// <summary>v(S) for every coalition, [coalitions, outputs].</summary>
    public double[] Play(CoalitionSet coalitions, CancellationToken cancellation)
    {
        double[] values = new double[coalitions.Count * _model.Outputs];
        double[][] sums = [.. _tables.Select(_ => new double[_weights.Length])];
        double[] margins = new double[_rows * _model.Margins];
        double[] scores = new double[_rows * _model.Outputs];
        ReadOnlySpan<byte> mask = coalitions.Mask.Span;
        for (int c = 0; c < coalitions.Count; c++)
        {
            if (c % CoalitionsPerCheck == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            for (int m = 0; m < sums.Length; m++)
            {
                _tables[m].Combine(mask.Slice(c * _model.Features, _model.Features), sums[m]);
            }

            Span<double> value = values.AsSpan(c * _model.Outputs, _model.Outputs);
            if (_exponentials)
            {
                MeanOfExponentials(sums, value);
            }
            else
            {
                MeanOfMargins(sums, margins, scores, value);
            }
        }

        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MeanOfExponentials(double[][] exponentials, Span<double> value)
    {
        ReadOnlySpan<Vector<double>> weights = MemoryMarshal.Cast<double, Vector<double>>(_weights);
        if (_model.Transform == ScoreTransform.LogisticPair)
        {
            // e = exp(−m): σ(m) = 1 / (1 + e), σ(−m) = e / (1 + e).
            ReadOnlySpan<Vector<double>> e = MemoryMarshal.Cast<double, Vector<double>>(exponentials[0]);
            Vector<double> first = Vector<double>.Zero;
            Vector<double> second = Vector<double>.Zero;
            for (int v = 0; v < weights.Length; v++)
            {
                Vector<double> share = weights[v] / (Vector<double>.One + e[v]);
                second += share;
                first += e[v] * share;
            }

            value[0] = Vector.Sum(first);
            value[1] = Vector.Sum(second);
            return;
        }

        if (_model.Transform != ScoreTransform.Softmax)
        {
            foreach (double[] margin in exponentials)
            {
                for (int b = 0; b < margin.Length; b++)
                {
                    margin[b] = 1 / (1 + margin[b]);
                }
            }
        }

        if (_model.Transform == ScoreTransform.Logistic)
        {
            for (int m = 0; m < exponentials.Length; m++)
            {
                value[m] = DoubleSpans.Dot(exponentials[m], _weights);
            }

            return;
        }

        for (int b = 0; b < _rows; b++)
        {
            double total = 0;
            foreach (double[] margin in exponentials)
            {
                total += margin[b];
            }

            for (int m = 0; m < exponentials.Length; m++)
            {
                value[m] += _weights[b] * exponentials[m][b] / total;
            }
        }
    }

    private void MeanOfMargins(double[][] sums, double[] margins, double[] scores, Span<double> value)
    {
        for (int m = 0; m < sums.Length; m++)
        {
            for (int b = 0; b < _rows; b++)
            {
                margins[(b * sums.Length) + m] = sums[m][b];
            }
        }

        _model.Transform.Apply(margins, sums.Length, scores);
        value.Clear();
        for (int b = 0; b < _rows; b++)
        {
            for (int o = 0; o < value.Length; o++)
            {
                value[o] += _weights[b] * scores[(b * value.Length) + o];
            }
        }
    }
}
