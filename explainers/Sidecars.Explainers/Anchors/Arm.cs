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

    private readonly List<float[]> _true = [];
    private readonly List<float[]> _false = [];

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
    public void Add(ReadOnlySpan<float> rows, ReadOnlySpan<int> labels, int label)
    {
        int width = rows.Length / labels.Length;
        for (int i = 0; i < labels.Length; i++)
        {
            bool same = labels[i] == label;
            Successes += same ? 1 : 0;
            List<float[]> kept = same ? _true : _false;
            if (kept.Count < examples)
            {
                kept.Add(rows.Slice(i * width, width).ToArray());
            }
        }

        Samples += labels.Length;
    }

    /// <summary>The rule as a step of the answer.</summary>
    public AnchorStep Step(double precision, int features) =>
        new(Rule.Features[^1], precision, Coverage, Table(_true, features), Table(_false, features));

    private static TabularData Table(List<float[]> rows, int features) => new([.. rows.SelectMany(static r => r)], features);

    // To the last tie, so that an order never depends on chance.
    private static int CompareCoverage(Arm a, Arm b) =>
        b.Rule.Rows.Count.CompareTo(a.Rule.Rows.Count) is var rows and not 0 ? rows
            : a.Rule.Key.Length.CompareTo(b.Rule.Key.Length) is var length and not 0 ? length
            : string.CompareOrdinal(a.Rule.Key, b.Rule.Key);
}
