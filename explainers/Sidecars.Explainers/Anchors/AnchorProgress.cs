namespace Sidecars.Explainers;

/// <summary>How far the search for an anchor is: the rule that promises most so far, by the rows the search has drawn for it.
/// The answer's own figures come from fresh rows at the end.</summary>
/// <param name="Predicates">Its conditions; none while nothing is better than the empty rule.</param>
/// <param name="Precision">Its precision.</param>
/// <param name="PrecisionInterval">The ends of the precision's confidence interval.</param>
/// <param name="Coverage">The share of training rows on which it holds.</param>
/// <param name="Predictions">How many rows the model has scored for the whole search.</param>
public sealed record AnchorProgress(
    IReadOnlyList<AnchorPredicate> Predicates,
    double Precision,
    (double Low, double High) PrecisionInterval,
    double Coverage,
    long Predictions);
