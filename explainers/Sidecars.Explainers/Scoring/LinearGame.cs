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
    private const int ChunkFeatures = 6;
    private const int CoalitionsPerCheck = 256;

    // Beyond this exponentials might leave the range of float64: then sums are kept, and exponentials taken one by one.
    private const double LargestExponent = 600;

    private readonly LinearModel _model;
    private readonly int _rows;
    private readonly int _padded;
    private readonly double[] _weights;
    private readonly bool _exponentials;

    // [margins][chunks][subsets · padded rows]
    private readonly double[][][] _tables;

    public LinearGame(LinearModel model, Background background, ReadOnlySpan<float> row)
    {
        _model = model;
        _rows = background.Rows.Rows;
        _padded = (_rows + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        _weights = new double[_padded];
        background.Weights.Span.CopyTo(_weights);
        double[][] ofRow = new double[model.Margins][];
        double[][] ofBackground = new double[model.Margins][];
        for (int m = 0; m < model.Margins; m++)
        {
            ofRow[m] = new double[model.Features];
            ofBackground[m] = new double[model.Features * _padded];
        }

        ReadTerms(background, row, ofRow, ofBackground);
        double[] intercepts = Centre(ofRow, ofBackground);
        _exponentials = !model.Transform.IsAffine() && AreSmall(intercepts, ofRow, ofBackground);
        double sign = model.Transform == ScoreTransform.Softmax ? 1 : -1;
        _tables = new double[model.Margins][][];
        for (int m = 0; m < model.Margins; m++)
        {
            if (_exponentials)
            {
                DoubleSpans.Exp(ofRow[m], sign);
                DoubleSpans.Exp(ofBackground[m], sign);
                intercepts[m] = Math.Exp(sign * intercepts[m]);
            }

            _tables[m] = Lay(intercepts[m], ofRow[m], ofBackground[m]);
        }
    }

    /// <summary>v(S) for every coalition, [coalitions, outputs].</summary>
    public double[] Play(CoalitionSet coalitions, CancellationToken cancellation)
    {
        double[] values = new double[coalitions.Count * _model.Outputs];
        double[][] sums = [.. _tables.Select(_ => new double[_padded])];
        double[] margins = new double[_rows * _model.Margins];
        double[] scores = new double[_rows * _model.Outputs];
        ReadOnlySpan<byte> mask = coalitions.Mask.Span;
        for (int c = 0; c < coalitions.Count; c++)
        {
            if (c % CoalitionsPerCheck == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            Combine(mask.Slice(c * _model.Features, _model.Features), sums);
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

    private void ReadTerms(Background background, ReadOnlySpan<float> row, double[][] ofRow, double[][] ofBackground)
    {
        Span<double> term = _model.Margins <= 64 ? stackalloc double[_model.Margins] : new double[_model.Margins];
        for (int j = 0; j < _model.Features; j++)
        {
            for (int b = -1; b < _rows; b++)
            {
                term.Clear();
                _model.AddTerm(j, b < 0 ? row[j] : background.Rows[b][j], term);
                for (int m = 0; m < term.Length; m++)
                {
                    if (b < 0)
                    {
                        ofRow[m][j] = term[m];
                    }
                    else
                    {
                        ofBackground[m][(j * _padded) + b] = term[m];
                    }
                }
            }
        }
    }

    // A feature far from zero has large terms that the intercept takes back; each term is moved by that of the first
    // background row, and the intercept with it, so that exponentials stay small.
    private double[] Centre(double[][] ofRow, double[][] ofBackground)
    {
        double[] intercepts = [.. _model.Intercepts];
        for (int m = 0; m < intercepts.Length; m++)
        {
            for (int j = 0; j < _model.Features; j++)
            {
                double centre = ofBackground[m][j * _padded];
                if (double.IsFinite(centre))
                {
                    intercepts[m] += centre;
                    ofRow[m][j] -= centre;
                    foreach (ref double term in ofBackground[m].AsSpan(j * _padded, _rows))
                    {
                        term -= centre;
                    }
                }
            }
        }

        return intercepts;
    }

    private bool AreSmall(double[] intercepts, double[][] ofRow, double[][] ofBackground)
    {
        for (int m = 0; m < intercepts.Length; m++)
        {
            double largest = Math.Abs(intercepts[m]);
            for (int j = 0; j < _model.Features; j++)
            {
                double far = Math.Abs(ofRow[m][j]);
                foreach (double term in ofBackground[m].AsSpan(j * _padded, _rows))
                {
                    far = Math.Max(far, Math.Abs(term));
                }

                largest += far;
            }

            // Not a number is not small either.
            if (!(largest <= LargestExponent))
            {
                return false;
            }
        }

        return true;
    }

    private double[][] Lay(double intercept, double[] ofRow, double[] ofBackground)
    {
        int chunks = (_model.Features + ChunkFeatures - 1) / ChunkFeatures;
        double[][] tables = new double[chunks][];
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            int first = chunk * ChunkFeatures;
            int features = Math.Min(ChunkFeatures, _model.Features - first);
            double[] table = new double[_padded << features];
            table.AsSpan(0, _padded).Fill(chunk == 0 ? intercept : _exponentials ? 1 : 0);
            for (int i = 0; i < features; i++)
            {
                int filled = _padded << i;
                ReadOnlySpan<double> absent = ofBackground.AsSpan((first + i) * _padded, _padded);
                Double(table.AsSpan(0, 2 * filled), ofRow[first + i], absent);
            }

            tables[chunk] = table;
        }

        return tables;
    }

    // The filled first half of a table is without a feature of the row; the second half becomes the same with it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Double(Span<double> table, double present, ReadOnlySpan<double> absent)
    {
        Span<Vector<double>> without = MemoryMarshal.Cast<double, Vector<double>>(table[..(table.Length / 2)]);
        Span<Vector<double>> with = MemoryMarshal.Cast<double, Vector<double>>(table[(table.Length / 2)..]);
        ReadOnlySpan<Vector<double>> others = MemoryMarshal.Cast<double, Vector<double>>(absent);
        var mine = new Vector<double>(present);
        for (int at = 0; at < without.Length; at += others.Length)
        {
            for (int b = 0; b < others.Length; b++)
            {
                Vector<double> sum = without[at + b];
                with[at + b] = _exponentials ? sum * mine : sum + mine;
                without[at + b] = _exponentials ? sum * others[b] : sum + others[b];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine(ReadOnlySpan<byte> mask, double[][] sums)
    {
        for (int chunk = 0; chunk * ChunkFeatures < mask.Length; chunk++)
        {
            int subset = 0;
            for (int i = 0; i < ChunkFeatures && (chunk * ChunkFeatures) + i < mask.Length; i++)
            {
                subset |= mask[(chunk * ChunkFeatures) + i] << i;
            }

            for (int m = 0; m < sums.Length; m++)
            {
                ReadOnlySpan<double> entry = _tables[m][chunk].AsSpan(subset * _padded, _padded);
                if (chunk == 0)
                {
                    entry.CopyTo(sums[m]);
                    continue;
                }

                ReadOnlySpan<Vector<double>> from = MemoryMarshal.Cast<double, Vector<double>>(entry);
                Span<Vector<double>> to = MemoryMarshal.Cast<double, Vector<double>>(sums[m].AsSpan());
                for (int v = 0; v < to.Length; v++)
                {
                    to[v] = _exponentials ? to[v] * from[v] : to[v] + from[v];
                }
            }
        }
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
