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

    private readonly int[] _kept = new int[2];
    private float[]? _examples; // those of the same class, then those of another

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
        _examples ??= new float[2 * examples * width];
        for (int i = 0; i < labels.Length; i++)
        {
            int side = labels[i] == label ? 0 : 1;
            Successes += 1 - side;
            if (_kept[side] < examples)
            {
                rows.Slice(i * width, width).CopyTo(_examples.AsSpan(((side * examples) + _kept[side]++) * width));
            }
        }

        Samples += labels.Length;
    }

    /// <summary>The rule as a step of the answer.</summary>
    public AnchorStep Step(double precision, int features) =>
        new(Rule.Features[^1], precision, Coverage, Examples(0, features), Examples(1, features));

    private TabularData Examples(int side, int width) =>
        new(_examples is null ? [] : _examples.AsSpan(side * examples * width, _kept[side] * width).ToArray(), width);

    // To the last tie, so that an order never depends on chance.
    private static int CompareCoverage(Arm a, Arm b) =>
        b.Rule.Rows.Count.CompareTo(a.Rule.Rows.Count) is var rows and not 0 ? rows
            : a.Rule.Key.Length.CompareTo(b.Rule.Key.Length) is var length and not 0 ? length
            : string.CompareOrdinal(a.Rule.Key, b.Rule.Key);
}
