using System.Runtime.InteropServices;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Anchors;

/// <summary>Conditions that hold together, none implied by another, in the order in which they were added.</summary>
internal sealed class Rule
{
    private readonly Rule? _shorter;
    private RowSet? _rows;

    private Rule(Condition[] conditions, Rule? shorter, RowSet? rows)
    {
        Conditions = conditions;
        _shorter = shorter;
        _rows = rows;
        int[] key = new int[conditions.Length];
        List<int> features = new(conditions.Length);
        for (int i = 0; i < key.Length; i++)
        {
            key[i] = conditions[i].Index;
            if (!features.Contains(conditions[i].Feature))
            {
                features.Add(conditions[i].Feature);
            }
        }

        Array.Sort(key);
        Key = new string(MemoryMarshal.Cast<int, char>(key));
        Features = [.. features];
    }

    public Condition[] Conditions { get; }

    /// <summary>The training rows on which the rule holds; intersected when first asked for.</summary>
    public RowSet Rows => _rows ??= RowSet.Intersect(_shorter!.Rows, Conditions[^1].Rows);

    /// <summary>The columns it speaks of, in the order in which they were added.</summary>
    public int[] Features { get; }

    /// <summary>The same for the same conditions in any order.</summary>
    public string Key { get; }

    /// <summary>The rule without conditions, which holds on every row.</summary>
    public static Rule Empty(RowSet all) => new([], null, all);

    /// <summary>The rule with one condition more, which replaces those it implies; null when it adds nothing.</summary>
    public Rule? With(Condition condition) =>
        Array.Exists(Conditions, c => c.Implies(condition))
            ? null
            : new Rule([.. Conditions.Where(c => !condition.Implies(c)), condition], this, null);

    /// <summary>The rule of the given conditions.</summary>
    public static Rule Of(IEnumerable<Condition> conditions, RowSet all) =>
        conditions.Aggregate(Empty(all), static (rule, condition) => rule.With(condition) ?? rule);

    /// <summary>The training rows on which all that the rule says of one column holds.</summary>
    public RowSet RowsFor(int feature) =>
        Conditions.Where(c => c.Feature == feature).Select(static c => c.Rows).Aggregate(RowSet.Intersect);

    /// <summary>The rule in the form of the answer: one predicate for each column.</summary>
    public AnchorPredicate[] Predicates() => [.. Features.Select(Merge)];

    private AnchorPredicate Merge(int feature) =>
        Conditions.Where(c => c.Feature == feature).Select(static c => c.Predicate).Aggregate(
            static (a, b) => a with { Gt = a.Gt ?? b.Gt, Le = a.Le ?? b.Le });
}
