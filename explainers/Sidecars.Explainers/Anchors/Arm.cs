namespace Sidecars.Explainers.Anchors;

/// <summary>A rule as an arm of the bandit: drawing it is scoring perturbed rows, a success is the explained row's class.</summary>
/// <param name="rule">The rule.</param>
/// <param name="trainRows">How many training rows there are.</param>
/// <param name="examples">How many examples of either kind to keep.</param>
internal sealed class Arm(Rule rule, int trainRows, int examples)
{
    /// <summary>By mean, the best first.</summary>
    public static readonly Comparison<Arm> ByMean = static (a, b) =>
        b.Mean.CompareTo(a.Mean) is var mean and not 0 ? mean : CompareCoverage(a, b);

    /// <summary>By coverage, the widest first.</summary>
    public static readonly Comparison<Arm> ByCoverage = CompareCoverage;

    private readonly ExampleRows _examples = new(rule, examples);

    public Rule Rule { get; } = rule;

    /// <summary>The share of training rows on which the rule holds.</summary>
    public double Coverage { get; } = (double)rule.Rows.Count / trainRows;

    /// <summary>n: rows drawn for this rule itself.</summary>
    public long Samples { get; private set; }

    /// <summary>How many of them got the class.</summary>
    public long Successes { get; private set; }

    /// <summary>p̂ = successes / n.</summary>
    public double Mean => Samples == 0 ? 0 : (double)Successes / Samples;

    /// <summary>
    /// The precision to expect of it: the mean with one success and one failure more than were seen, which is never 0 or 1.
    /// </summary>
    public double Expected => (Successes + 1.0) / (Samples + 2);

    /// <summary>Counts rows that were drawn for this rule.</summary>
    /// <param name="bases">The training row each began as.</param>
    /// <param name="donors">The training row that the rule's columns came from, or <see cref="ExampleRows.NoDonor"/>.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="labels">What the model said of them.</param>
    /// <param name="label">The explained row's class.</param>
    public void Add(ReadOnlySpan<int> bases, ReadOnlySpan<int> donors, ReadOnlySpan<float> rows, ReadOnlySpan<int> labels, int label)
    {
        int width = rows.Length / labels.Length;
        for (int i = 0; i < labels.Length; i++)
        {
            bool same = labels[i] == label;
            Successes += same ? 1 : 0;
            _examples.Add(same, bases[i], donors[i], rows.Slice(i * width, width));
        }

        Samples += labels.Length;
    }

    /// <summary>The rule as a step of the answer.</summary>
    public AnchorStep Step(double precision, TabularData train) =>
        new(Rule.Features[^1], precision, Coverage, _examples.Of(true, train), _examples.Of(false, train));

    // To the last tie, so that an order never depends on chance.
    private static int CompareCoverage(Arm a, Arm b) =>
        b.Rule.Rows.Count.CompareTo(a.Rule.Rows.Count) is var rows and not 0 ? rows
            : a.Rule.Key.Length.CompareTo(b.Rule.Key.Length) is var length and not 0 ? length
            : string.CompareOrdinal(a.Rule.Key, b.Rule.Key);
}
