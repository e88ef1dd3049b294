using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// The weighted least squares of KernelSHAP (Lundberg and Lee 2017, Theorem 2) on pairs drawn by their leverage: weight =
/// Shapley kernel / probability of the draw, and φ projected on Σφ = v(N) − v(∅) (Musco and Witter 2025, Algorithm 1).
/// As Σ_{i∈S} φ_i − Σ_{i∉S} φ_i = v(S) − v(N∖S) in an additive game, a pair is one equation: Σ_i s_i φ_i / 2 = d(S).
/// </summary>
internal sealed class LeverageRegression : IShapleyEstimator
{
    private readonly CoalitionPairs _pairs;
    private readonly double[] _matrix;  // [players, pairs]
    private readonly double[] _drawn;   // probability of each pair's draw

    /// <summary>Prepares for some pairs: at least as many as players less one.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="certain">How many of the first were no draws but are given; each of them stands for itself only.</param>
    public LeverageRegression(CoalitionPairs pairs, int certain = 0)
    {
        _pairs = pairs;
        int players = pairs.Players;
        PairWeights weights = PairWeights.Of(pairs, certain);
        _drawn = weights.Drawn;
        Matrix<double> basis = ZeroSum(players);
        Matrix<double> x = DenseMatrix.Create(pairs.Count, players, (p, i) => pairs.Contains(p, i) ? 0.5 : -0.5) * basis;
        Matrix<double> weighted = DenseMatrix.Create(pairs.Count, players - 1, (p, i) => x[p, i] * weights.Fit[p]);
        Matrix<double> gram = weighted.TransposeThisAndMultiply(x);
        gram += DenseMatrix.CreateIdentity(players - 1) * (1e-12 * gram.Trace());
        _matrix = (basis * gram.Cholesky().Solve(weighted.Transpose())).ToRowMajorArray();
    }

    public void Estimate(ReadOnlySpan<double> halves, Span<double> values, Span<double> errors)
    {
        int players = _pairs.Players;
        int count = _pairs.Count;
        double even = 2 * halves[count] / players;
        double[] rest = new double[count];
        for (int pair = 0; pair < count; pair++)
        {
            // What equal shares explain is no part of the fit.
            rest[pair] = halves[pair] - (even * (_pairs.Size(pair) - (players / 2.0)));
        }

        for (int i = 0; i < players; i++)
        {
            values[i] = CholeskyFactor.Dot(_matrix.AsSpan(i * count), rest, count);
        }

        Spread(rest, values, errors);
        for (int i = 0; i < players; i++)
        {
            values[i] += even;
        }

        Efficiency.Enforce(values, 2 * halves[count]);
    }

    /// <summary>The sandwich of squared residuals, times the share of each that was left to chance.</summary>
    private void Spread(double[] rest, ReadOnlySpan<double> values, Span<double> errors)
    {
        int players = _pairs.Players;
        int count = _pairs.Count;
        double freedom = Math.Max(1.0, count - players) / count;
        double[] squares = new double[count];
        for (int pair = 0; pair < count; pair++)
        {
            double fitted = 0;
            for (int i = 0; i < players; i++)
            {
                fitted += (_pairs.Contains(pair, i) ? 0.5 : -0.5) * values[i];
            }

            squares[pair] = (rest[pair] - fitted) * (rest[pair] - fitted) * (1 - _drawn[pair]) / freedom;
        }

        for (int i = 0; i < players; i++)
        {
            double sum = 0;
            for (int pair = 0; pair < count; pair++)
            {
                double weight = _matrix[(i * count) + pair];
                sum += weight * weight * squares[pair];
            }

            errors[i] = Math.Sqrt(sum);
        }
    }

    /// <summary>Orthonormal columns that span what sums to zero (Helmert's).</summary>
    private static DenseMatrix ZeroSum(int players) => DenseMatrix.Create(players, players - 1, static (row, column) =>
    {
        double k = column + 1;
        return row <= column ? 1 / Math.Sqrt(k * (k + 1)) : row == column + 1 ? -k / Math.Sqrt(k * (k + 1)) : 0;
    });
}
