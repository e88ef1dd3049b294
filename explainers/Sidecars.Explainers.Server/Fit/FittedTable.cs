namespace Sidecars.Explainers.Server.Fit;

/// <summary>What became of a CSV: names, rows of numbers and codes, and the classes that stood in its label column.</summary>
/// <param name="Schema">The features and classes.</param>
/// <param name="Data">The rows.</param>
/// <param name="Labels">The class of each row by its index; null where there is no label column, or it is no class.</param>
internal sealed record FittedTable(TabularSchema Schema, TabularData Data, int[]? Labels);
