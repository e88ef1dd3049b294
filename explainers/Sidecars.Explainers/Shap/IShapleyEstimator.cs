namespace Sidecars.Explainers.Shap;

/// <summary>
/// Makes Shapley values of what coalitions are worth. Only the odd part of a game matters to them, so all an estimator
/// sees of a pair is d(S) = (v(S) − v(N∖S)) / 2. Every one is linear in d, and made once for many rows and outputs.
/// </summary>
internal interface IShapleyEstimator
{
    /// <summary>Estimates the values of one game.</summary>
    /// <param name="halves">d of each pair, and last d(N) = (v(N) − v(∅)) / 2.</param>
    /// <param name="values">Where φ goes, [players]; it adds up to v(N) − v(∅).</param>
    /// <param name="errors">Where the standard errors go, [players].</param>
    void Estimate(ReadOnlySpan<double> halves, Span<double> values, Span<double> errors);
}
