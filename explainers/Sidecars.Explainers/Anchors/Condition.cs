using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Anchors;

/// <summary>One thing that can be said of the explained row: a category it has, or one edge it lies above or not above.</summary>
/// <param name="Index">Its place among the row's conditions.</param>
/// <param name="Predicate">What it says: one category or one bound.</param>
/// <param name="Rows">The training rows of which it can be said too.</param>
internal sealed record Condition(int Index, AnchorPredicate Predicate, RowSet Rows)
{
    public int Feature => Predicate.Feature;

    /// <summary>Whether this one says all that another one says: a bound further in on the same side.</summary>
    public bool Implies(Condition other) =>
        Feature == other.Feature
        && ((Predicate.Gt is { } low && other.Predicate.Gt is { } otherLow && low >= otherLow)
            || (Predicate.Le is { } high && other.Predicate.Le is { } otherHigh && high <= otherHigh)
            || (Predicate.Equal is not null && other.Predicate.Equal is not null));
}
