namespace Sidecars.Explainers.Scoring;

/// <summary>Rows of one call in one run.</summary>
/// <param name="Call">Whose they are.</param>
/// <param name="From">The first of them in the call.</param>
/// <param name="Count">How many.</param>
/// <param name="At">The first of them in the run.</param>
internal readonly record struct MergedPart(MergedCall Call, int From, int Count, int At);
