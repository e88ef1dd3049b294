using System.Diagnostics;
using Sidecars.Explainers;
using Sidecars.Explainers.Scoring;

namespace Explainers.Benchmarks;

/// <summary>Plays the games of some rows, by rows made outside or inside the graph, and says how fast.</summary>
internal static class GameMeasure
{
    /// <summary>Half of each coalition's features, by a fixed pattern.</summary>
    public static CoalitionSet Coalitions(int features, int count)
    {
        byte[] mask = new byte[count * features];
        uint state = 1;
        foreach (ref byte keeps in mask.AsSpan())
        {
            state = (state * 1664525) + 1013904223;
            keeps = (byte)(state >> 31);
        }

        return new CoalitionSet(features, mask);
    }

    /// <returns>Rows of the model a second, in the best of some rounds, and v of the last row.</returns>
    public static async Task<(double RowsPerSecond, double[] Values)> InGraphAsync(
        ICoalitionScorer scorer, TabularData rows, int explained, CoalitionSet coalitions, Background background, int rounds)
    {
        double[] values = [];
        double best = await BestAsync(rounds, async () =>
        {
            for (int row = 0; row < explained; row++)
            {
                Scores scores = await scorer.ScoreCoalitionsAsync(rows[row].ToArray(), coalitions, background, default);
                values = scores.Values.ToArray();
            }
        });
        return ((double)explained * coalitions.Count * background.Rows.Rows / best, values);
    }

    /// <summary>The same with every row made here.</summary>
    public static async Task<(double RowsPerSecond, double[] Values)> ByRowsAsync(
        IScorer scorer, TabularData rows, int explained, CoalitionSet coalitions, Background background, int rounds)
    {
        int features = rows.Features, count = background.Rows.Rows;
        double[] values = [];
        float[] all = new float[coalitions.Count * count * features];
        double best = await BestAsync(rounds, async () =>
        {
            for (int row = 0; row < explained; row++)
            {
                Fill(all, rows[row], coalitions, background);
                Scores scores = await scorer.ScoreAsync(all);
                values = Average(scores, coalitions.Count, background);
            }
        });
        return ((double)explained * coalitions.Count * count / best, values);
    }

    private static void Fill(Span<float> all, ReadOnlySpan<float> row, CoalitionSet coalitions, Background background)
    {
        int block = background.Rows.Rows * row.Length;
        for (int s = 0; s < coalitions.Count; s++)
        {
            Span<float> rows = all.Slice(s * block, block);
            background.Rows.Values.Span.CopyTo(rows);
            ReadOnlySpan<byte> mask = coalitions.Mask.Span.Slice(s * row.Length, row.Length);
            for (int f = 0; f < row.Length; f++)
            {
                if (mask[f] == 1)
                {
                    for (int at = f; at < rows.Length; at += row.Length)
                    {
                        rows[at] = row[f];
                    }
                }
            }
        }
    }

    private static double[] Average(in Scores scores, int coalitions, Background background)
    {
        int outputs = scores.Outputs;
        double[] v = new double[coalitions * outputs];
        ReadOnlySpan<double> values = scores.Values.Span;
        for (int s = 0, at = 0; s < coalitions; s++)
        {
            foreach (double weight in background.Weights.Span)
            {
                for (int c = 0; c < outputs; c++)
                {
                    v[(s * outputs) + c] += weight * values[at++];
                }
            }
        }

        return v;
    }

    private static async Task<double> BestAsync(int rounds, Func<Task> play)
    {
        double best = double.MaxValue;
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            await play();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }
}
