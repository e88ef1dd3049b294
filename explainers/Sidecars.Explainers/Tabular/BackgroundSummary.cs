using MathNet.Numerics.Random;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers;

/// <summary>Makes a small background of many rows.</summary>
public static class BackgroundSummary
{
    // Centres settle on this many rows as well as on all; every row is assigned at the end.
    private const int LearnedRows = 8192;
    private const int MostRounds = 12;

    /// <summary>
    /// The centres of k clusters, weighted by the share of rows in each. Columns are brought to the same spread first and
    /// missing values to their column's mean, so that no column decides alone; each coordinate of a centre is then moved to
    /// the nearest value that occurs in its column, so that categories stay categories. Centres are learned on at most 8192
    /// rows (k-means++ of Arthur and Vassilvitskii, 2007, then Lloyd's rounds), and all rows are counted. The same rows give the
    /// same background.
    /// </summary>
    /// <param name="data">The rows.</param>
    /// <param name="rows">How many are wanted, at least 1; fewer come back where there are fewer different ones, and all rows where there are no more.</param>
    public static Background KMeans(TabularData data, int rows)
    {
        Check(data, rows);
        if (rows >= data.Rows)
        {
            return Background.Uniform(data);
        }

        var scaled = new ScaledColumns(data);
        var random = new Xoshiro256StarStar(0, threadSafe: false);
        int[] learned = Choose(data.Rows, Math.Max(LearnedRows, 4 * rows), random);
        var clusters = new KMeansClusters(data.Features, scaled.Rows(learned), rows, random);
        for (int round = 0; round < MostRounds && clusters.Improve(); round++)
        {
        }

        double[] sizes = clusters.Count(scaled.Rows([.. Enumerable.Range(0, data.Rows)]), out float[] means);
        int[] filled = [.. Enumerable.Range(0, sizes.Length).Where(k => sizes[k] > 0)];
        float[] centres = new float[filled.Length * data.Features];
        for (int i = 0; i < centres.Length; i++)
        {
            (int k, int column) = Math.DivRem(i, data.Features);
            centres[i] = scaled.Nearest(column, means[(filled[k] * data.Features) + column]);
        }

        return new Background(
            new TabularData(centres, data.Features), Array.ConvertAll(filled, k => sizes[k] / data.Rows), "kmeans");
    }

    /// <summary>Rows drawn without replacement, in the order they have in the data; all weigh the same.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="rows">How many are wanted, at least 1; all come back, unchanged, where there are no more.</param>
    /// <param name="seed">What the draw starts from.</param>
    public static Background Sample(TabularData data, int rows, int seed)
    {
        Check(data, rows);
        if (rows >= data.Rows)
        {
            return Background.Uniform(data);
        }

        int[] chosen = Choose(data.Rows, rows, new Xoshiro256StarStar(seed, threadSafe: false));
        float[] values = new float[chosen.Length * data.Features];
        for (int i = 0; i < chosen.Length; i++)
        {
            data[chosen[i]].CopyTo(values.AsSpan(i * data.Features));
        }

        return Background.Uniform(new TabularData(values, data.Features), "sample");
    }

    private static void Check(TabularData data, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfZero(data.Rows);
    }

    private static int[] Choose(int all, int count, Xoshiro256StarStar random)
    {
        int[] order = [.. Enumerable.Range(0, all)];
        count = Math.Min(count, all);
        for (int i = 0; i < count; i++)
        {
            int other = random.Next(i, all);
            (order[i], order[other]) = (order[other], order[i]);
        }

        Array.Sort(order, 0, count);
        return order[..count];
    }
}
