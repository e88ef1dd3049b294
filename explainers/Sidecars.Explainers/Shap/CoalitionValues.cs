using System.Numerics;

namespace Sidecars.Explainers.Shap;

/// <summary>Shapley values and interactions of a game whose value is known for each of its 2^m coalitions.</summary>
internal static class CoalitionValues
{
    /// <summary>The values: φ_i = ∑_S |S|! (m−|S|−1)! / m! (v(S ∪ i) − v(S)).</summary>
    /// <param name="values">v by coalition, bit i for player i, [2^m].</param>
    /// <param name="beta">Weights, for m at least.</param>
    /// <param name="phi">Where the values go, [m].</param>
    public static void Shapley(ReadOnlySpan<double> values, BetaTable beta, Span<double> phi)
    {
        int m = phi.Length;
        for (int i = 0; i < m; i++)
        {
            double sum = 0;
            for (int s = 0; s < values.Length; s++)
            {
                if ((s >> i & 1) == 0)
                {
                    int size = BitOperations.PopCount((uint)s);
                    sum += beta[size + 1, m - size] * (values[s | (1 << i)] - values[s]);
                }
            }

            phi[i] = sum;
        }
    }

    /// <summary>The pairwise interaction index: I_ij = ∑_S |S|! (m−|S|−2)! / (m−1)! (v(S ∪ ij) − v(S ∪ i) − v(S ∪ j) + v(S)).</summary>
    public static double Interaction(ReadOnlySpan<double> values, BetaTable beta, int m, int i, int j)
    {
        int both = (1 << i) | (1 << j);
        double sum = 0;
        for (int s = 0; s < values.Length; s++)
        {
            if ((s & both) == 0)
            {
                int size = BitOperations.PopCount((uint)s);
                sum += beta[size + 1, m - size - 1] * (values[s | both] - values[s | (1 << i)] - values[s | (1 << j)] + values[s]);
            }
        }

        return sum;
    }
}
