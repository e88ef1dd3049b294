namespace Sidecars.Explainers.Shap;

/// <summary>
/// For budgets beyond what a Gaussian process can be conditioned on: a process learns the game from the first pairs, and
/// leverage regression on the others finds the values of what it does not explain (regression adjustment, Witter et al.,
/// "Regression-adjusted Monte Carlo estimators for Shapley values", NeurIPS 2025). Costs grow in proportion to the budget.
/// </summary>
internal sealed class AdjustedEstimator : IShapleyEstimator
{
    private const double Ratio = 0.01;

    private readonly CoalitionPairs _pairs;
    private readonly CoalitionPairs _learned;
    private readonly OddSpectrum _spectrum;
    private readonly GaussianProcess _process;
    private readonly LeverageRegression _regression;

    /// <summary>Prepares for some pairs.</summary>
    /// <param name="pairs">All pairs, of which the first are a sample as well.</param>
    /// <param name="learned">How many the process learns from.</param>
    public AdjustedEstimator(CoalitionPairs pairs, int learned)
    {
        _pairs = pairs;
        _learned = pairs.Take(learned);
        _spectrum = new OddSpectrum(pairs.Players, Ratio);
        _process = new GaussianProcess(_learned, _spectrum);
        _regression = new LeverageRegression(pairs, learned);
    }

    public void Estimate(ReadOnlySpan<double> halves, Span<double> values, Span<double> errors)
    {
        double[] seen = [.. halves[.._learned.Count], halves[^1]];
        double[] rest = halves.ToArray();
        double[] learned = new double[values.Length];
        _process.Condition(seen, learned, errors);
        (double[] additive, double[] weights) = _process.Surrogate(seen);
        rest.AsSpan(0, _learned.Count).Clear();
        rest[^1] = 0;
        for (int pair = _learned.Count; pair < _pairs.Count; pair++)
        {
            rest[pair] -= Surrogate(pair, additive, weights);
        }

        _regression.Estimate(rest, values, errors);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] += learned[i];
        }

        Efficiency.Enforce(values, 2 * halves[^1]);
    }

    private double Surrogate(int pair, double[] additive, double[] weights)
    {
        double value = weights[^1] * _spectrum.Covariance(_pairs.Players - _pairs.Size(pair));
        for (int known = 0; known < _learned.Count; known++)
        {
            value += weights[known] * _spectrum.Covariance(_pairs.Distance(pair, known));
        }

        for (int i = 0; i < additive.Length; i++)
        {
            value += _pairs.Contains(pair, i) ? additive[i] / 2 : -additive[i] / 2;
        }

        return value;
    }
}
