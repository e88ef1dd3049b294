namespace Sidecars.Explainers.Scoring;

/// <summary>One input of a graph, and which columns of a row it gets.</summary>
/// <param name="Index">Its place among the inputs.</param>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">What its elements are.</param>
/// <param name="From">Its first column.</param>
/// <param name="Width">How many columns it gets.</param>
/// <param name="IsVector">Whether it is [rows] and not [rows, columns].</param>
internal sealed record RowInput(int Index, string Name, Datatype Datatype, int From, int Width, bool IsVector)
{
    public long[] Shape(int rows) => IsVector ? [rows] : [rows, Width];
}
