using MathNet.Numerics.Random;

namespace Sidecars.Explainers;

/// <summary>Chooses few rows that stand for many.</summary>
public static class BackgroundSummary
{
    private const int Rounds = 30;

    /// <summary>Takes rows by chance, each at most once, all of the same weight.</summary>
    /// <param name="data">The rows to choose from.</param>
    /// <param name="rows">How many to take, at least 1; all where there are no more.</param>
    /// <param name="seed">What chance starts from.</param>
    public static Background Sample(TabularData data, int rows, int seed)
    {
        if (data.Rows <= rows)
        {
            return Background.Uniform(data);
        }

        int[] order = [.. Enumerable.Range(0, data.Rows)];
        var random = new Xoshiro256StarStar(seed);
        float[] values = new float[rows * data.Features];
        for (int i = 0; i < rows; i++)
        {
            int pick = random.Next(i, order.Length);
            (order[i], order[pick]) = (order[pick], order[i]);
            data[order[i]].CopyTo(values.AsSpan(i * data.Features));
        }

        return Background.Uniform(new TabularData(values, data.Features), "sample");
    }

    /// <summary>
    /// The centres of clusters, weighted by how many rows each has: k-means with the seeding of Arthur and Vassilvitskii (2007)
    /// on columns of equal variance. Each coordinate of a centre is then moved to the nearest value that occurs in its column.
    /// </summary>
    /// <param name="data">The rows to choose from.</param>
    /// <param name="rows">How many centres, at least 1; all rows where there are no more.</param>
    public static Background KMeans(TabularData data, int rows)
    {
        if (data.Rows <= rows)
        {
            return Background.Uniform(data);
        }

        double[] points = Standardize(data, out float[][] sorted, out double[] mean, out double[] scale);
        double[] centres = Seed(points, data.Features, rows);
        int[] nearest = new int[data.Rows];
        int[] counts = new int[rows];
        for (int round = 0; round < Rounds && (Assign(points, centres, data.Features, nearest) || round == 0); round++)
        {
            Array.Clear(counts);
            double[] sums = new double[centres.Length];
            for (int i = 0; i < nearest.Length; i++)
            {
                counts[nearest[i]]++;
                for (int f = 0; f < data.Features; f++)
                {
                    sums[(nearest[i] * data.Features) + f] += points[(i * data.Features) + f];
                }
            }

            for (int c = 0; c < centres.Length; c++)
            {
                int count = counts[c / data.Features];
                centres[c] = count > 0 ? sums[c] / count : centres[c];
            }
        }

        List<float> values = [];
        List<double> weights = [];
        for (int k = 0; k < rows; k++)
        {
            if (counts[k] == 0)
            {
                continue;
            }

            weights.Add((double)counts[k] / data.Rows);
            for (int f = 0; f < data.Features; f++)
            {
                values.Add(Nearest(sorted[f], (centres[(k * data.Features) + f] * scale[f]) + mean[f]));
            }
        }

        return new Background(new TabularData([.. values], data.Features), weights.ToArray(), "kmeans");
    }

    private static double[] Standardize(TabularData data, out float[][] sorted, out double[] mean, out double[] scale)
    {
        int features = data.Features;
        (sorted, mean, scale) = (new float[features][], new double[features], new double[features]);
        double[] points = new double[data.Rows * features];
        for (int f = 0; f < features; f++)
        {
            List<float> known = [];
            for (int i = 0; i < data.Rows; i++)
            {
                if (!float.IsNaN(data[i][f]))
                {
                    known.Add(data[i][f]);
                }
            }

            known.Sort();
            sorted[f] = known.Count > 0 ? [.. known] : [float.NaN];
            double average = mean[f] = known.Count > 0 ? known.Average(static v => (double)v) : 0;
            double variance = known.Count > 0 ? known.Average(v => (v - average) * (v - average)) : 0;
            scale[f] = variance > 0 ? Math.Sqrt(variance) : 1;
            for (int i = 0; i < data.Rows; i++)
            {
                // A missing value counts as the column's mean.
                float value = data[i][f];
                points[(i * features) + f] = float.IsNaN(value) ? 0 : (value - mean[f]) / scale[f];
            }
        }

        return points;
    }

    private static double[] Seed(double[] points, int features, int count)
    {
        var random = new Xoshiro256StarStar(0);
        int rows = points.Length / features;
        double[] centres = new double[count * features];
        double[] distances = new double[rows];
        Array.Fill(distances, double.MaxValue);
        int chosen = random.Next(rows);
        for (int k = 0; k < count; k++)
        {
            ReadOnlySpan<double> centre = points.AsSpan(chosen * features, features);
            centre.CopyTo(centres.AsSpan(k * features));
            double total = 0;
            for (int i = 0; i < rows; i++)
            {
                distances[i] = Math.Min(distances[i], Distance(points.AsSpan(i * features, features), centre));
                total += distances[i];
            }

            double at = random.NextDouble() * total;
            for (chosen = 0; chosen < rows - 1 && (at -= distances[chosen]) > 0; chosen++)
            {
            }
        }

        return centres;
    }

    private static bool Assign(double[] points, double[] centres, int features, int[] nearest)
    {
        int changed = 0;
        for (int i = 0; i < nearest.Length; i++)
        {
            int best = 0;
            double least = double.MaxValue;
            for (int k = 0; k < centres.Length / features; k++)
            {
                double distance = Distance(points.AsSpan(i * features, features), centres.AsSpan(k * features, features));
                (best, least) = distance < least ? (k, distance) : (best, least);
            }

            changed += nearest[i] == best ? 0 : 1;
            nearest[i] = best;
        }

        return changed > 0;
    }

    private static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int f = 0; f < a.Length; f++)
        {
            sum += (a[f] - b[f]) * (a[f] - b[f]);
        }

        return sum;
    }

    private static float Nearest(float[] sorted, double value)
    {
        int at = Array.BinarySearch(sorted, (float)value);
        at = at >= 0 ? at : ~at;
        return at == 0 ? sorted[0]
            : at == sorted.Length || value - sorted[at - 1] <= sorted[at] - value ? sorted[at - 1]
            : sorted[at];
    }
}
