namespace Sidecars.Explainers;

/// <summary>How far the computation of Shapley values is.</summary>
/// <param name="RowsDone">How many rows have their values.</param>
/// <param name="Rows">How many rows there are.</param>
/// <param name="Coalitions">How many coalitions were played, over all rows; 0 where none are, as for trees.</param>
/// <param name="Planned">How many coalitions there will be at most; it falls when a row is certain before its end.</param>
/// <param name="LargestStandardError">The largest standard error when it was last looked at, which only
/// <see cref="ShapOptions.StopAt"/> asks for before the end; null where it is not known.</param>
public sealed record ShapProgress(int RowsDone, int Rows, long Coalitions, long Planned, double? LargestStandardError);
