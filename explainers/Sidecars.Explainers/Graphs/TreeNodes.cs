namespace Sidecars.Explainers.Graphs;

/// <summary>Nodes of trees while they are read, and the checks that they are trees.</summary>
internal sealed class TreeNodes(int count)
{
    public int[] Feature { get; } = new int[count];

    public float[] Threshold { get; } = new float[count];

    public SplitMode[] Mode { get; } = new SplitMode[count];

    public int[] Left { get; } = new int[count];

    public int[] Right { get; } = new int[count];

    public bool[] MissingLeft { get; } = new bool[count];

    /// <summary>Makes a node an inner one. A float64 threshold becomes the float32 one that tells apart the same float32 values.</summary>
    public void SetSplit(int node, SplitMode mode, long feature, double threshold, int left, int right, bool missingLeft)
    {
        if (feature is < 0 or > int.MaxValue)
        {
            throw new InvalidDataException($"Node {node} looks at feature {feature}.");
        }

        Feature[node] = (int)feature;
        Mode[node] = mode;
        Threshold[node] = Narrow(threshold, mode);
        Left[node] = left;
        Right[node] = right;
        MissingLeft[node] = missingLeft;
    }

    /// <summary>Makes a node a leaf.</summary>
    public void SetLeaf(int node)
    {
        Feature[node] = Left[node] = Right[node] = -1;
        Mode[node] = SplitMode.Leaf;
    }

    /// <summary>
    /// Adds the leaves behind inner nodes whose branches lead to <paramref name="inner"/> + leaf: one node for each branch
    /// that does, so that leaves which branches share become leaves of their own.
    /// </summary>
    /// <param name="inner">How many inner nodes there are.</param>
    /// <param name="leafOf">Which leaf each added node is.</param>
    public TreeNodes WithLeavesOnce(int inner, out int[] leafOf)
    {
        var leaves = new List<int>();
        int[] left = [.. Left.Select(Place)], right = [.. Right.Select(Place)];
        leafOf = [.. leaves];
        var nodes = new TreeNodes(inner + leafOf.Length);
        for (int i = 0; i < nodes.Feature.Length; i++)
        {
            if (i >= inner)
            {
                nodes.SetLeaf(i);
                continue;
            }

            nodes.SetSplit(i, Mode[i], Feature[i], Threshold[i], left[i], right[i], MissingLeft[i]);
        }

        return nodes;

        int Place(int child)
        {
            if (child < inner)
            {
                return child;
            }

            leaves.Add(child - inner);
            return inner + leaves.Count - 1;
        }
    }

    /// <summary>Checks that every node hangs below exactly one of the roots, by exactly one path.</summary>
    /// <exception cref="InvalidDataException">A node does not, or looks at a feature that rows do not have.</exception>
    public void Check(int[] roots, int? declaredFeatures, Func<int, string> name)
    {
        bool[] seen = new bool[count];
        var open = new Stack<int>(roots.Reverse());
        while (open.TryPop(out int node))
        {
            if (seen[node])
            {
                throw new InvalidDataException($"{name(node)} is reached by two paths: its nodes make no tree.");
            }

            seen[node] = true;
            if (Feature[node] < 0)
            {
                continue;
            }

            if (Feature[node] >= declaredFeatures)
            {
                throw new InvalidDataException($"{name(node)} looks at feature {Feature[node]} where the input has {declaredFeatures}.");
            }

            open.Push(Right[node]);
            open.Push(Left[node]);
        }

        int lost = Array.IndexOf(seen, false);
        if (lost >= 0)
        {
            throw new InvalidDataException($"{name(lost)} is not reached from the root of its tree.");
        }
    }

    /// <summary>How many features a row must have for these nodes.</summary>
    public int FeaturesNeeded => Math.Max(1, Feature.Length == 0 ? 1 : Feature.Max() + 1);

    /// <summary>Covers, where what the file calls hit rates are some: positive, and each node's the sum of its children's.</summary>
    public double[]? ReadCovers(double[]? hitRates)
    {
        const double slack = 1e-4;
        if (hitRates is null || hitRates.Length != count || !hitRates.All(static h => h >= 0 && double.IsFinite(h)) || hitRates.Distinct().Count() < 2)
        {
            return null;
        }

        for (int node = 0; node < count; node++)
        {
            if (Feature[node] >= 0 && Math.Abs(hitRates[Left[node]] + hitRates[Right[node]] - hitRates[node]) > slack * hitRates[node])
            {
                return null;
            }
        }

        return hitRates;
    }

    // x ≤ t and x > t ask the same of every float32 x when t is rounded down to float32, x < t and x ≥ t when it is
    // rounded up; no float32 equals a t that is none.
    private static float Narrow(double threshold, SplitMode mode)
    {
        float near = (float)threshold;
        if (near == threshold || double.IsNaN(threshold))
        {
            return near;
        }

        return mode switch
        {
            SplitMode.LessOrEqual or SplitMode.Greater => near > threshold ? float.BitDecrement(near) : near,
            SplitMode.Less or SplitMode.GreaterOrEqual => near < threshold ? float.BitIncrement(near) : near,
            _ => float.NaN,
        };
    }
}
