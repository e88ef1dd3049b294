using MathNet.Numerics;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// Shapley interaction values of a game of which all coalitions were played: off the diagonal half the interaction index of
/// the pair (Lundberg et al., Nature MI 2020, eq. 9), on it what is left of the player's own value.
/// </summary>
internal static class InteractionIndex
{
    /// <summary>Computes the matrix of one game.</summary>
    /// <param name="pairs">All pairs.</param>
    /// <param name="worth">v of the stored side of each pair and of the other side, in turn, and last v(∅) and v(N).</param>
    /// <param name="values">φ.</param>
    /// <param name="matrix">Where it goes, [players, players].</param>
    public static void Compute(CoalitionPairs pairs, ReadOnlySpan<double> worth, ReadOnlySpan<double> values, Span<double> matrix)
    {
        int m = pairs.Players;
        matrix.Clear();

        // Σ_S |S|! (M−|S|−2)! / (M−1)! · (v(S∪ij) − v(S∪i) − v(S∪j) + v(S)) over S without i and j, term by term of v.
        double[] weight = [.. Enumerable.Range(0, m - 1).Select(s => 1 / ((m - 1) * SpecialFunctions.Binomial(m - 2, s)))];
        for (int coalition = 0; coalition < worth.Length; coalition++)
        {
            int pair = Math.Min(coalition / 2, pairs.Count);
            bool other = (coalition & 1) != 0;
            bool Inside(int player) => pair == pairs.Count ? other : pairs.Contains(pair, player) != other;
            int stored = pair == pairs.Count ? 0 : pairs.Size(pair);
            int size = other ? m - stored : stored;
            double both = size >= 2 ? weight[size - 2] * worth[coalition] : 0;
            double one = size >= 1 && size <= m - 1 ? weight[size - 1] * worth[coalition] : 0;
            double none = size <= m - 2 ? weight[size] * worth[coalition] : 0;
            for (int i = 0; i < m; i++)
            {
                bool hasI = Inside(i);
                for (int j = 0; j < i; j++)
                {
                    bool hasJ = Inside(j);
                    matrix[(i * m) + j] += hasI && hasJ ? both : hasI || hasJ ? -one : none;
                }
            }
        }

        for (int i = 0; i < m; i++)
        {
            matrix[(i * m) + i] = values[i];
            for (int j = 0; j < i; j++)
            {
                matrix[(j * m) + i] = matrix[(i * m) + j] /= 2;
            }
        }

        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < m; j++)
            {
                matrix[(i * m) + i] -= i == j ? 0 : matrix[(i * m) + j];
            }
        }
    }
}
