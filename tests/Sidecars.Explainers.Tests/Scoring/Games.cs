using Sidecars.Explainers.Scoring;

namespace Sidecars.Explainers.Tests.Scoring;

/// <summary>The coalition game played the long way: a row for every pair of coalition and background row.</summary>
internal static class Games
{
    /// <summary>All coalitions of some features.</summary>
    public static CoalitionSet All(int features) => new(features,
        [.. Enumerable.Range(0, 1 << features).SelectMany(s => Enumerable.Range(0, features).Select(j => (byte)((s >> j) & 1)))]);

    /// <summary>Some coalitions, the empty and the full one among them.</summary>
    public static CoalitionSet Random(int features, int count, Random random) => new(features,
        [.. Enumerable.Range(0, count).SelectMany(c => Enumerable.Range(0, features).Select(_ => (byte)(c == 0 ? 0 : c == 1 ? 1 : random.Next(2))))]);

    /// <summary>A background whose rows weigh differently.</summary>
    public static Background Weighted(TabularData rows, Random random)
    {
        double[] weights = [.. Enumerable.Range(0, rows.Rows).Select(_ => 0.1 + random.NextDouble())];
        double total = weights.Sum();
        return new Background(rows, Array.ConvertAll(weights, w => w / total), "test");
    }

    /// <summary>The largest difference between a scorer's own game and the game of its rows.</summary>
    public static double Distance(ICoalitionScorer scorer, float[] row, CoalitionSet coalitions, Background background)
    {
        Scores own = scorer.ScoreCoalitionsAsync(row, coalitions, background, default).AsTask().GetAwaiter().GetResult();
        return Ort.Distance(own.Values.Span, OfRows(scorer, row, coalitions, background));
    }

    /// <summary>v(S) of every coalition from rows.</summary>
    public static double[] OfRows(IScorer scorer, float[] row, CoalitionSet coalitions, Background background)
    {
        int count = background.Rows.Rows;
        float[] rows = new float[coalitions.Count * count * row.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            (int pair, int j) = Math.DivRem(i, row.Length);
            rows[i] = coalitions.Mask.Span[(pair / count * row.Length) + j] == 1 ? row[j] : background.Rows[pair % count][j];
        }

        Scores scores = scorer.ScoreAsync(rows).AsTask().GetAwaiter().GetResult();
        double[] values = new double[coalitions.Count * scores.Outputs];
        for (int i = 0; i < scores.Values.Length; i++)
        {
            (int pair, int output) = Math.DivRem(i, scores.Outputs);
            values[(pair / count * scores.Outputs) + output] += background.Weights.Span[pair % count] * scores.Values.Span[i];
        }

        return values;
    }
}
