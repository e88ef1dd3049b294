using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Anchors;

/// <summary>Conditions that hold together, none implied by another, in the order in which they were added.</summary>
internal sealed class Rule
{
    private Rule(Condition[] conditions, RowSet rows)
    {
        Conditions = conditions;
        Rows = rows;
        Key = new string([.. conditions.Select(static c => (char)c.Index).Order()]);
        Features = [.. conditions.Select(static c => c.Feature).Distinct()];
    }

    public Condition[] Conditions { get; }

    /// <summary>The training rows on which the rule holds.</summary>
    public RowSet Rows { get; }

    /// <summary>The columns it speaks of, in the order in which they were added.</summary>
    public int[] Features { get; }

    /// <summary>The same for the same conditions in any order.</summary>
    public string Key { get; }

    /// <summary>The rule without conditions, which holds on every row.</summary>
    public static Rule Empty(RowSet all) => new([], all);

    /// <summary>The rule with one condition more, which replaces those it implies; null when it adds nothing.</summary>
    public Rule? With(Condition condition) =>
        Array.Exists(Conditions, c => c.Implies(condition))
            ? null
            : new Rule(
                [.. Conditions.Where(c => !condition.Implies(c)), condition],
                RowSet.Intersect(Rows, condition.Rows));

    /// <summary>The rule of the given conditions.</summary>
    public static Rule Of(IEnumerable<Condition> conditions, RowSet all) =>
        conditions.Aggregate(Empty(all), static (rule, condition) => rule.With(condition) ?? rule);

    /// <summary>The rule in the form of the answer: one predicate for each column.</summary>
    public AnchorPredicate[] Predicates() => [.. Features.Select(Merge)];

    private AnchorPredicate Merge(int feature) =>
        Conditions.Where(c => c.Feature == feature).Select(static c => c.Predicate).Aggregate(
            static (a, b) => a with { Gt = a.Gt ?? b.Gt, Le = a.Le ?? b.Le });
}
