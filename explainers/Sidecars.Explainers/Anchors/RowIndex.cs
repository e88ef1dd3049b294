using System.Collections.Concurrent;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Anchors;

/// <summary>
/// Which training rows fulfil a condition. A set is counted out once, when a row first asks for the condition, and kept:
/// there are as many as edges and categories.
/// </summary>
/// <param name="train">The training rows.</param>
internal sealed class RowIndex(TabularData train)
{
    private readonly ConcurrentDictionary<AnchorPredicate, RowSet> _sets = new();

    /// <summary>All rows.</summary>
    public RowSet All { get; } = RowSet.Where(train.Rows, static _ => true);

    /// <summary>The rows that fulfil a condition on a known category or edge; a missing value fulfils none.</summary>
    public RowSet Rows(AnchorPredicate predicate) => _sets.GetOrAdd(predicate, static (p, index) => index.Find(p), this);

    /// <summary>The rows that fulfil any other condition; not kept, since callers can think of any number.</summary>
    public RowSet Find(AnchorPredicate predicate) =>
        RowSet.Where(train.Rows, row => predicate.Holds(train[row][predicate.Feature]));
}
