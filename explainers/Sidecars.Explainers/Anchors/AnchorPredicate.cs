namespace Sidecars.Explainers;

/// <summary>
/// One condition of a rule: a category, or a range <c>Gt &lt; x &lt;= Le</c> of which one end may be open.
/// </summary>
/// <param name="Feature">The column.</param>
/// <param name="Equal">The category's code; null for a range.</param>
/// <param name="Gt">The exclusive lower end; null for none.</param>
/// <param name="Le">The inclusive upper end; null for none.</param>
public sealed record AnchorPredicate(int Feature, int? Equal = null, double? Gt = null, double? Le = null)
{
    /// <summary>Whether a value of the column fulfils it.</summary>
    public bool Holds(float value) =>
        Equal is { } code ? value == code : (Gt is not { } low || value > low) && (Le is not { } high || value <= high);
}
