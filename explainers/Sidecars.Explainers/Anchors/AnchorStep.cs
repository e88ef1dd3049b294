namespace Sidecars.Explainers;

/// <summary>The rule after one more condition.</summary>
/// <param name="Feature">The feature of the condition that was added.</param>
/// <param name="Precision">The precision estimate of the rule so far.</param>
/// <param name="Coverage">The share of training rows on which the rule so far holds.</param>
/// <param name="CoveredTrue">Rows on which the rule so far holds and the class is the same: rows one after the other.</param>
/// <param name="CoveredFalse">Rows on which the rule so far holds and the class is another.</param>
public sealed record AnchorStep(
    int Feature, double Precision, double Coverage, TabularData CoveredTrue, TabularData CoveredFalse);
