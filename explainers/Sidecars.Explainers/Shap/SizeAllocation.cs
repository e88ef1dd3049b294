using MathNet.Numerics;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// How many pairs of each size are drawn. The leverage score of a coalition of size k is 1/C(M,k) (Musco and Witter,
/// "Provably accurate Shapley value estimation via leverage score sampling", ICLR 2025), so that all sizes get the same
/// number, min(all there are, c), with the c that uses up the budget: small sizes are enumerated by themselves.
/// </summary>
internal static class SizeAllocation
{
    /// <summary>How many pairs have a side of this size, 1 ≤ size ≤ M/2.</summary>
    public static double PairsOfSize(int players, int size) =>
        Binomial(players, size) / (2 * size == players ? 2 : 1);

    /// <summary>The number of pairs for each size, indexed by the size of the smaller side.</summary>
    /// <param name="players">M.</param>
    /// <param name="pairs">The budget, at most all pairs.</param>
    /// <param name="phase">Where rounding starts, from 0 to 1: each size gets its share rounded up or down, on average the share.</param>
    public static int[] Allocate(int players, int pairs, double phase)
    {
        int largest = players / 2;
        double[] share = Shares(players, pairs, largest);
        int[] taken = new int[largest + 1];
        double sum = 0;
        int before = 0;
        for (int size = 1; size <= largest; size++)
        {
            // Systematic rounding: the differences of the rounded running sums add up to the budget.
            sum += share[size];
            int now = size == largest ? pairs : (int)Math.Floor(sum + phase + 1e-9);
            now = Math.Min(now, pairs);
            taken[size] = (int)Math.Min(now - before, PairsOfSize(players, size));
            before += taken[size];
        }

        for (int size = 1, left = pairs - before; size <= largest && left > 0; size++)
        {
            int more = (int)Math.Min(left, PairsOfSize(players, size) - taken[size]);
            taken[size] += more;
            left -= more;
        }

        return taken;
    }

    private static double[] Shares(int players, int pairs, int largest)
    {
        double[] share = new double[largest + 1];
        double left = pairs;
        bool saturated = true;
        bool[] full = new bool[largest + 1];
        while (saturated)
        {
            // A pair of two equal halves counts once where other sizes count both sides: half the weight.
            double weight = Enumerable.Range(1, largest).Where(k => !full[k]).Sum(k => Weight(players, k));
            saturated = false;
            for (int size = 1; size <= largest && !saturated; size++)
            {
                if (!full[size] && left * Weight(players, size) / weight >= PairsOfSize(players, size))
                {
                    full[size] = saturated = true;
                    share[size] = PairsOfSize(players, size);
                    left -= share[size];
                }
            }

            if (!saturated && weight > 0)
            {
                for (int size = 1; size <= largest; size++)
                {
                    share[size] = full[size] ? share[size] : left * Weight(players, size) / weight;
                }
            }
        }

        return share;
    }

    private static double Weight(int players, int size) => 2 * size == players ? 0.5 : 1;

    private static double Binomial(int n, int k) =>
        n <= 60 ? SpecialFunctions.Binomial(n, k) : Math.Exp(SpecialFunctions.BinomialLn(n, k));
}
