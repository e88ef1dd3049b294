namespace Sidecars.Explainers.Answers;

/// <summary>What one condition did to the rule.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Precision">The precision before and after.</param>
/// <param name="Coverage">The coverage before and after.</param>
internal sealed record AnchorReadingStep(AnchorCondition Condition, StepBar Precision, StepBar Coverage);
