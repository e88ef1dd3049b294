namespace Sidecars.MLNet.Columns;

/// <summary>The values of one call, found and checked: <paramref name="Values"/> by the column's index in the schema.</summary>
internal sealed record BoundColumns(int Rows, ColumnValues?[] Values);
