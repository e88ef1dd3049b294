namespace Sidecars.Explainers;

/// <summary>How the background of Shapley values is chosen from the training data, or where it lies.</summary>
/// <param name="Method"><c>kmeans</c>, <c>sample</c> or <c>file</c>.</param>
/// <param name="Rows">How many rows are chosen, at least 1; of a file all are taken.</param>
/// <param name="File">
/// The CSV the rows lie in, relative to the artefact's directory; a column <c>weight</c> that is no feature weighs them.
/// Needed by <c>file</c>; with another method it says how the rows in the file were chosen, which spares choosing them at
/// every start. Null for none.
/// </param>
public sealed record BackgroundDefinition(string Method = "kmeans", int Rows = BackgroundDefinition.DefaultRows, string? File = null)
{
    /// <summary>How many rows are chosen when nobody says.</summary>
    public const int DefaultRows = 100;
}
