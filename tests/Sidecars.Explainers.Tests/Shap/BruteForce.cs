using System.Numerics;
using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Tests.Shap;

/// <summary>Shapley values and interactions by the definition: every coalition, every row of the background, every tree.</summary>
internal static class BruteForce
{
    /// <summary>The interventional game of a function of a row, on the scale of a link.</summary>
    public static double[] Interventional(
        Func<float[], double[]> answer, float[] row, Background background, int[] playerOf, int players, int output, Func<double, double> link)
    {
        double[] game = new double[1 << players];
        for (int s = 0; s < game.Length; s++)
        {
            double mean = 0;
            for (int b = 0; b < background.Rows.Rows; b++)
            {
                float[] mixed = [.. row.Select((x, f) => (s >> playerOf[f] & 1) == 1 ? x : background.Rows[b][f])];
                mean += background.Weights.Span[b] * answer(mixed)[output];
            }

            game[s] = link(mean);
        }

        return game;
    }

    /// <summary>The path-dependent game of the margins.</summary>
    public static double[] PathDependent(TreeEnsemble trees, float[] row, int[] playerOf, int players, int output)
    {
        double[] game = new double[1 << players];
        for (int s = 0; s < game.Length; s++)
        {
            game[s] = trees.BaseValues[output] + trees.Roots.Sum(root => Walk(root, s));
        }

        return game;

        double Walk(int node, int s)
        {
            if (trees.Feature[node] < 0)
            {
                return trees.Weights[(node * trees.Outputs) + output];
            }

            int left = trees.Left[node], right = trees.Right[node], feature = trees.Feature[node];
            if ((s >> playerOf[feature] & 1) == 1)
            {
                return Walk(trees.GoesLeft(node, row[feature]) ? left : right, s);
            }

            double l = trees.Covers![left], r = trees.Covers[right];
            double share = l + r > 0 ? l / (l + r) : 0.5;
            return (share * Walk(left, s)) + ((1 - share) * Walk(right, s));
        }
    }

    /// <summary>Values by the average over all orders of players.</summary>
    public static double[] Values(double[] game, int players) => [.. Enumerable.Range(0, players).Select(i =>
        Enumerable.Range(0, game.Length).Where(s => (s >> i & 1) == 0).Sum(s =>
        {
            int size = BitOperations.PopCount((uint)s);
            return Factorial(size) * Factorial(players - size - 1) / Factorial(players) * (game[s | (1 << i)] - game[s]);
        }))];

    /// <summary>The matrix of interaction values, [players, players]: halves of the index, and what is left on the diagonal.</summary>
    public static double[] Interactions(double[] game, int players)
    {
        double[] values = Values(game, players), matrix = new double[players * players];
        for (int i = 0; i < players; i++)
        {
            matrix[(i * players) + i] += values[i];
            for (int j = 0; j < players; j++)
            {
                if (j == i)
                {
                    continue;
                }

                int both = (1 << i) | (1 << j);
                double index = Enumerable.Range(0, game.Length).Where(s => (s & both) == 0).Sum(s =>
                {
                    int size = BitOperations.PopCount((uint)s);
                    return Factorial(size) * Factorial(players - size - 2) / Factorial(players - 1)
                        * (game[s | both] - game[s | (1 << i)] - game[s | (1 << j)] + game[s]);
                });
                matrix[(i * players) + j] = index / 2;
                matrix[(i * players) + i] -= index / 2;
            }
        }

        return matrix;
    }

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);
}
