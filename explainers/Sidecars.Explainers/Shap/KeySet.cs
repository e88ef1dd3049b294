using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Shap;

/// <summary>A set of <see cref="FloatKeys"/>: disjoint closed ranges in ascending order. What a path asks of one feature.</summary>
internal readonly record struct KeySet((int Low, int High)[] Ranges)
{
    /// <summary>Every value, and missing.</summary>
    public static readonly KeySet All = new([(FloatKeys.Lowest, FloatKeys.Missing)]);

    /// <summary>The values that a node sends to one side.</summary>
    public static KeySet Of(TreeEnsemble trees, int node, bool left)
    {
        float threshold = trees.Threshold[node];
        int t = FloatKeys.Of(threshold);
        bool none = float.IsNaN(threshold);
        KeySet holds = trees.Mode[node] switch
        {
            _ when none && trees.Mode[node] != SplitMode.NotEqual => new([]),
            SplitMode.LessOrEqual => Range(FloatKeys.Lowest, t),
            SplitMode.Less => Range(FloatKeys.Lowest, t - 1),
            SplitMode.GreaterOrEqual => Range(t, FloatKeys.Highest),
            SplitMode.Greater => Range(t + 1, FloatKeys.Highest),
            SplitMode.Equal => Range(t, t),
            _ when none => All,
            _ => Range(t, t).Complement(),
        };
        if (trees.MissingLeft[node] && (holds.Ranges.Length == 0 || holds.Ranges[^1].High < FloatKeys.Missing))
        {
            holds = holds.Ranges is [.., (_, var high)] && high == FloatKeys.Highest
                ? new([.. holds.Ranges[..^1], (holds.Ranges[^1].Low, FloatKeys.Missing)])
                : new([.. holds.Ranges, (FloatKeys.Missing, FloatKeys.Missing)]);
        }

        return left ? holds : holds.Complement();
    }

    /// <summary>What is in both sets.</summary>
    public KeySet Intersect(KeySet other)
    {
        var result = new List<(int, int)>();
        for (int i = 0, j = 0; i < Ranges.Length && j < other.Ranges.Length;)
        {
            (int low, int high) = (Math.Max(Ranges[i].Low, other.Ranges[j].Low), Math.Min(Ranges[i].High, other.Ranges[j].High));
            if (low <= high)
            {
                result.Add((low, high));
            }

            if (Ranges[i].High < other.Ranges[j].High)
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return new([.. result]);
    }

    private static KeySet Range(int low, int high) => new(low <= high ? [(low, high)] : []);

    private KeySet Complement()
    {
        var result = new List<(int, int)>();
        int next = FloatKeys.Lowest;
        foreach ((int low, int high) in Ranges)
        {
            if (low > next)
            {
                result.Add((next, low - 1));
            }

            next = high + 1;
        }

        if (next <= FloatKeys.Missing)
        {
            result.Add((next, FloatKeys.Missing));
        }

        return new([.. result]);
    }
}
