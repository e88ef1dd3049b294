namespace Sidecars.Explainers.Shap;

/// <summary>
/// A few Gaussian processes that think differently of how fast interactions fall off, averaged for each game by how well
/// they explain it.
/// </summary>
internal sealed class BayesianEstimator : IShapleyEstimator
{
    // The energy of five-player terms relative to three-player terms: from next to none to a third.
    private static readonly double[] Ratios = [0.003, 0.03, 0.3];

    // No prior is quite right: with this, nominal 95 % cover 91 to 99 % on models of all kinds, at all budgets.
    private const double Caution = 1.1;

    private readonly GaussianProcess[] _processes;

    /// <summary>Prepares for some pairs.</summary>
    public BayesianEstimator(CoalitionPairs pairs) =>
        _processes = [.. Ratios.Select(ratio => new GaussianProcess(pairs, new OddSpectrum(pairs.Players, ratio)))];

    public void Estimate(ReadOnlySpan<double> halves, Span<double> values, Span<double> errors)
    {
        int players = values.Length;
        double[] means = new double[_processes.Length * players];
        double[] variances = new double[_processes.Length * players];
        double[] weights = new double[_processes.Length];
        for (int k = 0; k < _processes.Length; k++)
        {
            weights[k] = _processes[k].Condition(halves, means.AsSpan(k * players, players), variances.AsSpan(k * players, players));
        }

        ToShares(weights);
        values.Clear();
        errors.Clear();
        for (int k = 0; k < weights.Length; k++)
        {
            for (int i = 0; i < players; i++)
            {
                values[i] += weights[k] * means[(k * players) + i];
            }
        }

        for (int k = 0; k < weights.Length; k++)
        {
            for (int i = 0; i < players; i++)
            {
                double apart = means[(k * players) + i] - values[i];
                errors[i] += weights[k] * (variances[(k * players) + i] + (apart * apart));
            }
        }

        for (int i = 0; i < players; i++)
        {
            errors[i] = Caution * Math.Sqrt(errors[i]);
        }

        Efficiency.Enforce(values, 2 * halves[^1]);
    }

    private static void ToShares(double[] logs)
    {
        double highest = logs.Max();
        double sum = 0;
        for (int i = 0; i < logs.Length; i++)
        {
            logs[i] = Math.Exp(logs[i] - highest);
            sum += logs[i];
        }

        for (int i = 0; i < logs.Length; i++)
        {
            logs[i] /= sum;
        }
    }
}
