using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// KernelSHAP with a choice of players before the fit: a lasso or least angle regression on the weighted system picks them,
/// the others get 0, and least squares shares v(N) − v(∅) among the picked. Values are biased, by what the others would
/// have had; standard errors are those of the fit and do not know of it.
/// </summary>
internal sealed class L1Estimator
{
    private readonly CoalitionPairs _pairs;
    private readonly PairWeights _weights;
    private readonly double[] _side;          // weight of one coalition of a pair, summing to 1 over all
    private readonly Matrix<double> _system;  // XᵀX of the augmented system
    private readonly Matrix<double> _fit;     // Σ w s sᵀ / 4 over the pairs

    /// <summary>Prepares for some pairs.</summary>
    public L1Estimator(CoalitionPairs pairs)
    {
        _pairs = pairs;
        _weights = PairWeights.Of(pairs);
        double total = 2 * _weights.Fit.Sum();
        _side = Array.ConvertAll(_weights.Fit, w => w / total);
        int m = pairs.Players;
        Matrix<double> signs = DenseMatrix.Create(pairs.Count, m, (p, i) => pairs.Contains(p, i) ? 0.5 : -0.5);
        Matrix<double> weighted = DenseMatrix.Create(pairs.Count, m, (p, i) => signs[p, i] * _weights.Fit[p]);
        _fit = signs.TransposeThisAndMultiply(weighted);
        _system = DenseMatrix.Create(m, m, 0);
        for (int coalition = 0; coalition < 2 * pairs.Count; coalition++)
        {
            (double keep, double leave) = Rows(coalition);
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < m; j++)
                {
                    _system[i, j] += Inside(coalition, i) && Inside(coalition, j) ? keep
                        : Inside(coalition, i) || Inside(coalition, j) ? 0 : leave;
                }
            }
        }
    }

    /// <summary>Estimates one game.</summary>
    /// <param name="mode">How players are chosen.</param>
    /// <param name="worth">v of the stored side of each pair and of the other side, in turn.</param>
    /// <param name="empty">v(∅).</param>
    /// <param name="full">v(N).</param>
    /// <param name="values">Where φ goes.</param>
    /// <param name="errors">Where the standard errors go.</param>
    public void Estimate(L1Mode mode, ReadOnlySpan<double> worth, double empty, double full, Span<double> values, Span<double> errors)
    {
        int[] picked = Pick(mode, worth, empty, full);
        values.Clear();
        errors.Clear();
        Solve(picked, worth, full - empty, values, errors);
    }

    private bool Inside(int coalition, int player) => _pairs.Contains(coalition / 2, player) == ((coalition & 1) == 0);

    /// <summary>
    /// The weights of a coalition's two rows: z with v(z) − v(∅), times M − |z|, and z − 1 with v(z) − v(N), times |z|, in which
    /// the constraint on Σφ is already put in.
    /// </summary>
    private (double Keep, double Leave) Rows(int coalition)
    {
        int m = _pairs.Players;
        int stored = _pairs.Size(coalition / 2);
        int size = (coalition & 1) == 0 ? stored : m - stored;
        return (_side[coalition / 2] * (m - size), _side[coalition / 2] * size);
    }

    private int[] Pick(L1Mode mode, ReadOnlySpan<double> worth, double empty, double full)
    {
        int m = _pairs.Players;
        int rows = 4 * _pairs.Count;
        double[] correlation = new double[m];
        double squares = 0;
        for (int coalition = 0; coalition < worth.Length; coalition++)
        {
            (double keep, double leave) = Rows(coalition);
            double gained = worth[coalition] - empty;
            double missing = worth[coalition] - full;
            squares += (keep * gained * gained) + (leave * missing * missing);
            for (int i = 0; i < m; i++)
            {
                correlation[i] += Inside(coalition, i) ? keep * gained : -leave * missing;
            }
        }

        if (correlation.All(static c => c == 0))
        {
            return [.. Enumerable.Range(0, m)];
        }

        IReadOnlyList<LassoPath.Knot> path = LassoPath.Trace(
            _system, correlation, mode.Rule == L1Rule.NumFeatures ? (int)mode.Number : m, mode.Rule != L1Rule.NumFeatures);
        double[] beta = mode.Rule switch
        {
            L1Rule.NumFeatures => path[^1].Beta,

            // The penalty is on the scale of 1/(2 rows) |y − Xβ|².
            L1Rule.Penalty => LassoPath.At(path, mode.Number * rows),
            L1Rule.Bic => path.MinBy(knot => Criterion(knot.Beta, correlation, squares, rows, Math.Log(rows))).Beta,
            _ => path.MinBy(knot => Criterion(knot.Beta, correlation, squares, rows, 2)).Beta,
        };
        int[] picked = [.. Enumerable.Range(0, m).Where(i => beta[i] != 0)];

        // Somebody has to have v(N) − v(∅): at least who comes in first.
        return picked.Length > 0 ? picked : [Enumerable.Range(0, m).MaxBy(i => Math.Abs(correlation[i]))];
    }

    /// <summary>n ln(RSS / n) + penalty · df, df the number of players in (Zou, Hastie, Tibshirani 2007).</summary>
    private double Criterion(double[] beta, double[] correlation, double squares, int rows, double penalty)
    {
        Vector<double> b = DenseVector.OfArray(beta);
        double rest = squares - (2 * b.DotProduct(DenseVector.OfArray(correlation))) + b.DotProduct(_system * b);
        return (rows * Math.Log(Math.Max(rest, 1e-16 * squares) / rows)) + (penalty * beta.Count(static v => v != 0));
    }

    /// <summary>min Σ w (Σ_i s_i φ_i / 2 − d)² over the picked, subject to Σφ = total.</summary>
    private void Solve(int[] picked, ReadOnlySpan<double> worth, double total, Span<double> values, Span<double> errors)
    {
        int k = picked.Length;
        Matrix<double> gram = DenseMatrix.Create(k, k, (i, j) => _fit[picked[i], picked[j]]);
        gram += DenseMatrix.CreateIdentity(k) * (1e-9 * gram.Trace());
        Matrix<double> inverse = gram.Cholesky().Solve(DenseMatrix.CreateIdentity(k));
        Vector<double> ones = inverse.RowSums();
        Vector<double> target = DenseVector.Create(k, 0);
        double[] halves = new double[_pairs.Count];
        for (int pair = 0; pair < halves.Length; pair++)
        {
            halves[pair] = (worth[2 * pair] - worth[(2 * pair) + 1]) / 2;
            for (int i = 0; i < k; i++)
            {
                target[i] += Sign(pair, picked[i]) * _weights.Fit[pair] * halves[pair];
            }
        }

        Vector<double> free = inverse * target;
        Vector<double> phi = free - (ones * ((free.Sum() - total) / ones.Sum()));
        Matrix<double> bread = inverse - (ones.OuterProduct(ones) / ones.Sum());
        double freedom = Math.Max(1.0, _pairs.Count - k + 1) / _pairs.Count;
        double[] variance = new double[k];
        for (int pair = 0; pair < halves.Length; pair++)
        {
            Vector<double> x = DenseVector.Create(k, i => Sign(pair, picked[i]));
            double rest = halves[pair] - x.DotProduct(phi);
            double share = (1 - _weights.Drawn[pair]) / freedom;
            Vector<double> pull = bread * x * (_weights.Fit[pair] * rest);
            for (int i = 0; i < k; i++)
            {
                variance[i] += pull[i] * pull[i] * share;
            }
        }

        for (int i = 0; i < k; i++)
        {
            values[picked[i]] = phi[i];
            errors[picked[i]] = Math.Sqrt(variance[i]);
        }
    }

    private double Sign(int pair, int player) => _pairs.Contains(pair, player) ? 0.5 : -0.5;
}
