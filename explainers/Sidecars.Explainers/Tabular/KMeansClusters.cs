using System.Numerics;
using System.Runtime.InteropServices;
using MathNet.Numerics.Random;

namespace Sidecars.Explainers.Tabular;

/// <summary>Centres of rows. They are stored column by column, so that a row meets several centres in one instruction.</summary>
internal sealed class KMeansClusters
{
    private readonly int _features;
    private readonly float[] _rows;
    private readonly int _wanted;
    private readonly int _width;      // centres, rounded up to whole vectors
    private readonly float[] _centres; // [features, width]; the unused ones are far away
    private readonly int[] _nearest;
    private readonly float[] _distance;

    /// <summary>Chooses the first centres.</summary>
    /// <param name="features">How many values make a row.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="count">How many centres are wanted; there are fewer when there are fewer different rows.</param>
    /// <param name="random">What chooses.</param>
    public KMeansClusters(int features, float[] rows, int count, Xoshiro256StarStar random)
    {
        _features = features;
        _rows = rows;
        _wanted = count;
        _width = (count + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        _centres = new float[features * _width];
        Array.Fill(_centres, 1e15f);
        _nearest = new int[rows.Length / features];
        _distance = new float[_nearest.Length];
        Array.Fill(_nearest, -1);
        Seed(random);
    }

    /// <summary>One round of Lloyd's: rows go to their nearest centre, and centres to the mean of their rows.</summary>
    /// <returns>Whether a row changed its centre.</returns>
    public bool Improve()
    {
        bool changed = false;
        for (int i = 0; i < _nearest.Length; i++)
        {
            int nearest = Nearest(Row(_rows, i), out _distance[i]);
            changed |= nearest != _nearest[i];
            _nearest[i] = nearest;
        }

        (double[] sizes, double[] sums) = Sums(_rows, _nearest);
        for (int k = 0; k < _wanted; k++)
        {
            if (sizes[k] > 0)
            {
                Place(k, j => (float)(sums[(k * _features) + j] / sizes[k]));
            }
            else
            {
                // Nobody's centre goes to the row that is worst off, if there is one.
                int farthest = Array.IndexOf(_distance, _distance.Max());
                changed |= _distance[farthest] > 0;
                Place(k, j => _distance[farthest] > 0 ? _rows[(farthest * _features) + j] : 1e15f);
                _distance[farthest] = 0;
            }
        }

        return changed;
    }

    /// <summary>How many of some rows are nearest to each centre, and their means, [centres, features].</summary>
    public double[] Count(float[] rows, out float[] means)
    {
        int[] nearest = new int[rows.Length / _features];
        for (int i = 0; i < nearest.Length; i++)
        {
            nearest[i] = Nearest(Row(rows, i), out _);
        }

        (double[] sizes, double[] sums) = Sums(rows, nearest);
        means = [.. sums.Select((sum, at) => (float)(sum / Math.Max(1, sizes[at / _features])))];
        return sizes;
    }

    /// <summary>k-means++: each next centre is a row, chosen with probability ∝ squared distance to the nearest one so far.</summary>
    private void Seed(Xoshiro256StarStar random)
    {
        Array.Fill(_distance, float.MaxValue);
        int chosen = random.Next(_distance.Length);
        for (int k = 0; k < _wanted && chosen >= 0; k++)
        {
            ReadOnlySpan<float> centre = Row(_rows, chosen);
            for (int j = 0; j < _features; j++)
            {
                _centres[(j * _width) + k] = centre[j];
            }

            double sum = 0;
            for (int i = 0; i < _distance.Length; i++)
            {
                _distance[i] = Math.Min(_distance[i], Distance(Row(_rows, i), centre));
                sum += _distance[i];
            }

            chosen = sum > 0 ? Pick(random.NextDouble() * sum) : -1;
        }
    }

    private int Pick(double target)
    {
        int last = -1;
        for (int i = 0; i < _distance.Length && target >= 0; i++)
        {
            last = _distance[i] > 0 ? i : last;
            target -= _distance[i];
        }

        return last;
    }

    private (double[] Sizes, double[] Sums) Sums(float[] rows, int[] nearest)
    {
        double[] sizes = new double[_width];
        double[] sums = new double[_width * _features];
        for (int i = 0; i < nearest.Length; i++)
        {
            sizes[nearest[i]]++;
            ReadOnlySpan<float> row = Row(rows, i);
            Span<double> sum = sums.AsSpan(nearest[i] * _features, _features);
            for (int j = 0; j < row.Length; j++)
            {
                sum[j] += row[j];
            }
        }

        return (sizes, sums);
    }

    private void Place(int centre, Func<int, float> value)
    {
        for (int j = 0; j < _features; j++)
        {
            _centres[(j * _width) + centre] = value(j);
        }
    }

    private int Nearest(ReadOnlySpan<float> row, out float distance)
    {
        ReadOnlySpan<Vector<float>> centres = MemoryMarshal.Cast<float, Vector<float>>(_centres);
        int blocks = _width / Vector<float>.Count;
        distance = float.MaxValue;
        int nearest = 0;
        for (int block = 0; block < blocks; block++)
        {
            Vector<float> sum = Vector<float>.Zero;
            for (int j = 0; j < row.Length; j++)
            {
                Vector<float> apart = centres[(j * blocks) + block] - new Vector<float>(row[j]);
                sum += apart * apart;
            }

            if (Vector.LessThanAny(sum, new Vector<float>(distance)))
            {
                for (int lane = 0; lane < Vector<float>.Count; lane++)
                {
                    if (sum[lane] < distance)
                    {
                        distance = sum[lane];
                        nearest = (block * Vector<float>.Count) + lane;
                    }
                }
            }
        }

        return nearest;
    }

    private ReadOnlySpan<float> Row(float[] rows, int row) => rows.AsSpan(row * _features, _features);

    private static float Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        }

        return sum;
    }
}
