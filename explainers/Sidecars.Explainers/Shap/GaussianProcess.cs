using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// Bayesian quadrature of the Shapley value: given d of some coalitions, φ has under <see cref="OddSpectrum"/> a posterior
/// whose mean is a fixed matrix times d, and whose variance is a fixed vector times the scale of the game's interactions.
/// (Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, section 2.7, with the terms of one player as
/// the explicit basis: h(S)ᵀβ, β_i = φ_i of the additive part, h_i(S) = s_i / 2.)
/// </summary>
internal sealed class GaussianProcess
{
    // The game's rounding, relative to its interactions; a float32 model's is far below.
    private const double Noise = 1e-9;

    private readonly int _players;
    private readonly int _observations;
    private readonly CholeskyFactor _factor;
    private readonly double[] _basis;     // h, [observations, players]
    private readonly double[] _beta;      // β̄ = beta · d, [players, observations]
    private readonly double[] _values;    // φ̄ = values · d, [players, observations]
    private readonly double[] _variance;  // Var φ / σ², [players]
    private readonly double _precision;   // prior precision of β; 0: none
    private readonly double _logDeterminant;

    /// <summary>Conditions on the coalitions of some pairs and on the full one.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="spectrum">The prior.</param>
    public GaussianProcess(CoalitionPairs pairs, OddSpectrum spectrum)
    {
        int n = _observations = pairs.Count + 1;
        int m = _players = pairs.Players;
        _factor = new CholeskyFactor(n, Covariances(pairs, spectrum));

        Matrix<double> h = DenseMatrix.Create(n, m, (pair, player) => Inside(pairs, pair, player) ? 0.5 : -0.5);
        Matrix<double> c = DenseMatrix.Create(n, m, (pair, player) => ValueCovariance(pairs, spectrum, pair, player));
        double[] both = h.Append(c).ToRowMajorArray();
        _factor.Solve(both, 2 * m);
        Matrix<double> kh = DenseMatrix.Create(n, m, (row, column) => both[(row * 2 * m) + column]);
        Matrix<double> kc = DenseMatrix.Create(n, m, (row, column) => both[(((row * 2) + 1) * m) + column]);
        Matrix<double> a = h.TransposeThisAndMultiply(kh);

        // Few pairs may leave two players always on the same side: β then needs a prior of its own, a wide one.
        bool free = Determines(h.TransposeThisAndMultiply(h));
        _precision = free ? 0 : m / 4000.0;

        // What rounding may take from the smallest eigenvalue, which a nearly complete plan can leave far below the largest.
        double rounding = 1e-12 * a.Trace() / m;
        var inner = (a + (DenseMatrix.CreateIdentity(m) * (_precision + rounding))).Cholesky();
        Matrix<double> beta = inner.Solve(kh.Transpose());
        Matrix<double> r = DenseMatrix.CreateIdentity(m) - c.TransposeThisAndMultiply(kh);
        _basis = Rows(h);
        _beta = Rows(beta);
        _values = Rows(kc.Transpose() + (r * beta));
        Matrix<double> spread = r.PointwiseMultiply(inner.Solve(r.Transpose()).Transpose());
        _variance = [.. Enumerable.Range(0, m).Select(i =>
            Math.Max(0, spectrum.ValueVariance - c.Column(i).DotProduct(kc.Column(i)) + spread.Row(i).Sum()))];
        _logDeterminant = _factor.LogDeterminant + inner.DeterminantLn - (free ? 0 : m * Math.Log(_precision));
        Freedom = pairs.Count >= m + 2 ? n - m : n;
    }

    /// <summary>How many observations the scale is estimated from.</summary>
    public int Freedom { get; }

    /// <summary>The posterior of one game.</summary>
    /// <param name="d">The observations.</param>
    /// <param name="values">Where the means go.</param>
    /// <param name="variances">Where the variances go.</param>
    /// <returns>The logarithm of the evidence, but for what is the same for all priors.</returns>
    public double Condition(ReadOnlySpan<double> d, Span<double> values, Span<double> variances)
    {
        Span<double> beta = variances;
        double[] rest = Whitened(d, beta);
        double energy = CholeskyFactor.Dot(rest, rest, rest.Length)
            + (CholeskyFactor.Dot(beta, beta, _players) * _precision);
        double scale = energy / Freedom;
        for (int i = 0; i < _players; i++)
        {
            values[i] = CholeskyFactor.Dot(_values.AsSpan(i * _observations), d, _observations);
            variances[i] = _variance[i] * scale;
        }

        // The marginal likelihood with σ² at its best (ibid. eq. 2.45): −½ (ν ln σ² + ln |K| + ln |A|).
        return -0.5 * ((Freedom * Math.Log(Math.Max(scale, double.Epsilon))) + _logDeterminant);
    }

    /// <summary>
    /// The posterior mean of d itself, as the additive part's φ and a weight for the covariance with each observation.
    /// </summary>
    public (double[] Additive, double[] Weights) Surrogate(ReadOnlySpan<double> d)
    {
        double[] additive = new double[_players];
        double[] weights = Whitened(d, additive);
        _factor.SolveUpper(weights);
        return (additive, weights);
    }

    /// <summary>L⁻¹ (d − H β̄), and β̄.</summary>
    private double[] Whitened(ReadOnlySpan<double> d, Span<double> beta)
    {
        for (int i = 0; i < _players; i++)
        {
            beta[i] = CholeskyFactor.Dot(_beta.AsSpan(i * _observations), d, _observations);
        }

        double[] rest = d.ToArray();
        for (int row = 0; row < _observations; row++)
        {
            rest[row] -= CholeskyFactor.Dot(_basis.AsSpan(row * _players), beta, _players);
        }

        _factor.SolveLower(rest);
        return rest;
    }

    /// <summary>Whether HᵀH tells all players apart.</summary>
    private static bool Determines(Matrix<double> a)
    {
        int m = a.RowCount;
        double size = a.Trace() / m;
        Vector<double> pivots = (a + (DenseMatrix.CreateIdentity(m) * (1e-9 * size))).Cholesky().Factor.Diagonal();
        return pivots.Minimum() > 1e-3 * Math.Sqrt(size);
    }

    private static bool Inside(CoalitionPairs pairs, int pair, int player) =>
        pair == pairs.Count || pairs.Contains(pair, player);

    private static double ValueCovariance(CoalitionPairs pairs, OddSpectrum spectrum, int pair, int player)
    {
        bool inside = Inside(pairs, pair, player);
        int others = pair == pairs.Count ? 0 : pairs.Players - pairs.Size(pair) - (inside ? 0 : 1);
        return spectrum.ValueCovariance(inside, others);
    }

    private static double[] Covariances(CoalitionPairs pairs, OddSpectrum spectrum)
    {
        int n = pairs.Count + 1;
        double[] lower = new double[CholeskyFactor.Size(n)];
        for (int i = 0; i < n; i++)
        {
            Span<double> row = lower.AsSpan(CholeskyFactor.Start(i), i + 1);
            for (int j = 0; j < i; j++)
            {
                row[j] = spectrum.Covariance(i == pairs.Count ? pairs.Players - pairs.Size(j) : pairs.Distance(i, j));
            }

            row[i] = spectrum.Covariance(0) + Noise;
        }

        return lower;
    }

    private static double[] Rows(Matrix<double> matrix) => matrix.ToRowMajorArray();
}
