using MathNet.Numerics;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// Shapley's own formula over all coalitions (Lundberg and Lee, NeurIPS 2017, eq. 4). For T with player i, v(T) counts with
/// (|T|−1)! (M−|T|)! / M! and the value of its complement with the same, negative: each pair adds 2 d(T) of that.
/// </summary>
/// <param name="pairs">All pairs.</param>
internal sealed class ExactEstimator(CoalitionPairs pairs) : IShapleyEstimator
{
    private readonly double[] _weight = [.. Enumerable.Range(0, pairs.Players + 1).Select(size => Weight(pairs.Players, size))];

    /// <summary>(size−1)! (M−size)! / M!: how much a coalition of that size with player i counts for i.</summary>
    public static double Weight(int players, int size) =>
        size == 0 ? 0 : 1 / (players * SpecialFunctions.Binomial(players - 1, size - 1));

    public void Estimate(ReadOnlySpan<double> halves, Span<double> values, Span<double> errors)
    {
        int players = pairs.Players;
        errors.Clear();
        values.Fill(2 * halves[pairs.Count] * _weight[players]);
        for (int pair = 0; pair < pairs.Count; pair++)
        {
            int size = pairs.Size(pair);
            double inside = 2 * halves[pair] * _weight[size];
            double outside = -2 * halves[pair] * _weight[players - size];
            for (int player = 0; player < players; player++)
            {
                values[player] += pairs.Contains(pair, player) ? inside : outside;
            }
        }
    }
}
