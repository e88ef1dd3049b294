using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Anchors;

/// <summary>The rules that were thought of so far, each once, and the rules near them.</summary>
/// <param name="conditions">What can be said of the explained row.</param>
/// <param name="all">All training rows.</param>
/// <param name="options">How long a rule may get.</param>
/// <param name="mostBytes">About how much memory the rules may take together before no more are grown.</param>
internal sealed class ArmPool(List<Condition> conditions, RowSet all, AnchorTabularOptions options, long mostBytes = 512L << 20)
{
    // Of a rule, besides the set of rows on which it holds.
    private const int ArmBytes = 1024;

    private readonly Dictionary<string, Arm> _arms = new(StringComparer.Ordinal);

    /// <summary>All of them, in the order in which they were thought of.</summary>
    public IReadOnlyCollection<Arm> Arms => _arms.Values;

    /// <summary>Whether there is room for more rules. A wide beam over many columns would take any memory.</summary>
    public bool HasRoom => _arms.Count * (ArmBytes + (all.Rows / 8L)) < mostBytes;

    /// <summary>The arm of a rule.</summary>
    public Arm Find(Rule rule)
    {
        if (!_arms.TryGetValue(rule.Key, out Arm? arm))
        {
            _arms.Add(rule.Key, arm = Fresh(rule));
        }

        return arm;
    }

    /// <summary>The arm of the rule of some conditions.</summary>
    public Arm Find(IEnumerable<Condition> rule) => Find(Rule.Of(rule, all));

    /// <summary>An arm that knows nothing of earlier draws, and that no search will see.</summary>
    public Arm Fresh(Rule rule) => new(rule, all.Count, options.NCoveredEx);

    /// <summary>
    /// The rules with one condition more than one of the beam's (Ribeiro et al. 2018, Algorithm 1, GenerateCands): those
    /// that cover more than is known to be possible already, as far as there is room.
    /// </summary>
    public List<Arm> Extend(IEnumerable<Arm> beam, double floor)
    {
        List<Arm> found = [];
        HashSet<Arm> seen = [];
        foreach (Arm arm in beam)
        {
            foreach (Condition condition in conditions)
            {
                if (HasRoom && arm.Rule.With(condition) is { } rule
                    && rule.Features.Length <= (options.MaxAnchorSize ?? int.MaxValue)
                    && Find(rule) is var longer && longer.Coverage > floor && seen.Add(longer))
                {
                    found.Add(longer);
                }
            }
        }

        return found;
    }

    /// <summary>The rules that ask less: without one of the conditions, or with a bound further out in its place.</summary>
    public IEnumerable<Arm> Relax(Arm arm)
    {
        Condition[] rule = arm.Rule.Conditions;
        foreach (Condition condition in rule)
        {
            yield return Find(rule.Where(c => c != condition));
            foreach (Condition wider in conditions.Where(c => c != condition && c.Predicate.Equal is null && condition.Implies(c)))
            {
                yield return Find(rule.Select(c => c == condition ? wider : c));
            }
        }
    }

    /// <summary>The rule of the first column, of the first two, … up to but not with the rule itself.</summary>
    public IEnumerable<Arm> Prefixes(Rule rule) =>
        Enumerable.Range(1, Math.Max(0, rule.Features.Length - 1)).Select(length =>
            Find(rule.Conditions.Where(c => Array.IndexOf(rule.Features, c.Feature) < length)));
}
