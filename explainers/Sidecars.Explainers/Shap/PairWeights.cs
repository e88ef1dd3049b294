namespace Sidecars.Explainers.Shap;

/// <summary>How much each pair of a sample counts in a regression.</summary>
/// <param name="Fit">Shapley kernel / probability of the draw.</param>
/// <param name="Drawn">The probability of the draw.</param>
internal readonly record struct PairWeights(double[] Fit, double[] Drawn)
{
    /// <summary>The weights of some pairs.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="certain">How many of the first were no draws but are given; each of them stands for itself only.</param>
    public static PairWeights Of(CoalitionPairs pairs, int certain = 0)
    {
        int players = pairs.Players;
        int Smaller(int pair) => Math.Min(pairs.Size(pair), players - pairs.Size(pair));
        int[] given = new int[(players / 2) + 1];
        int[] chosen = new int[given.Length];
        for (int pair = 0; pair < pairs.Count; pair++)
        {
            (pair < certain ? given : chosen)[Smaller(pair)]++;
        }

        double[] fit = new double[pairs.Count];
        double[] drawn = new double[pairs.Count];
        for (int pair = 0; pair < pairs.Count; pair++)
        {
            int k = Smaller(pair);
            double all = SizeAllocation.PairsOfSize(players, k);
            drawn[pair] = pair < certain ? 1 : Math.Min(1, chosen[k] / (all - given[k]));

            // (M−1) / (C(M,k) k (M−k)) / probability; the binomials cancel, so that no M is too large.
            double kernel = (players - 1.0) / (k * (double)(players - k)) * (2 * k == players ? 0.5 : 1);
            fit[pair] = kernel / (pair < certain ? all : chosen[k] / Math.Max(1e-300, 1 - (given[k] / all)));
        }

        return new PairWeights(fit, drawn);
    }
}
