using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Shap;

/// <summary>Finds the <see cref="LeafPath"/>s of trees.</summary>
internal static class LeafPaths
{
    // The set a path asks of a feature, or the path's share of a player's training weight; the list ends at the root.
    private sealed record Step(Step? Above, int Feature, KeySet Set, double Share);

    /// <summary>The paths to all leaves of a tree that weigh something, from left to right.</summary>
    /// <param name="trees">The ensemble.</param>
    /// <param name="root">The tree's first node.</param>
    /// <param name="players">The player of each feature.</param>
    public static IEnumerable<LeafPath> Of(TreeEnsemble trees, int root, int[] players)
    {
        var open = new Stack<(int Node, Step? Path)>([(root, null)]);
        while (open.TryPop(out (int Node, Step? Path) at))
        {
            if (trees.Feature[at.Node] >= 0)
            {
                open.Push((trees.Right[at.Node], Down(trees, at.Node, at.Path, left: false)));
                open.Push((trees.Left[at.Node], Down(trees, at.Node, at.Path, left: true)));
            }
            else if (trees.Weights.AsSpan(at.Node * trees.Outputs, trees.Outputs).ContainsAnyExcept(0.0))
            {
                yield return Merge(at.Node, at.Path, players, trees.Covers is not null);
            }
        }
    }

    /// <summary>The share of a node's training weight that goes to one side: half of it where there is none.</summary>
    public static double Share(TreeEnsemble trees, int node, bool left)
    {
        double[] covers = trees.Covers!;
        double l = covers[trees.Left[node]], r = covers[trees.Right[node]];
        return l + r > 0 ? (left ? l : r) / (l + r) : 0.5;
    }

    private static Step Down(TreeEnsemble trees, int node, Step? path, bool left) =>
        new(path, trees.Feature[node], KeySet.Of(trees, node, left), trees.Covers is null ? 0 : Share(trees, node, left));

    private static LeafPath Merge(int leaf, Step? path, int[] players, bool covers)
    {
        var sets = new SortedDictionary<(int Player, int Feature), (KeySet Set, double Share)>();
        for (Step? step = path; step is not null; step = step.Above)
        {
            (int, int) key = (players[step.Feature], step.Feature);
            sets[key] = sets.TryGetValue(key, out (KeySet Set, double Share) have)
                ? (have.Set.Intersect(step.Set), have.Share * step.Share)
                : (step.Set, step.Share);
        }

        var on = new List<int>();
        var shares = new List<double>();
        var tests = new List<KeyTest>();
        foreach (((int player, int feature), (KeySet set, double share)) in sets)
        {
            if (on.Count > 0 && on[^1] == player)
            {
                // The player goes on with another feature.
                tests[^1] = tests[^1] with { End = KeyTest.EndOfFeature };
                shares[^1] *= share;
            }
            else
            {
                on.Add(player);
                shares.Add(share);
            }

            tests.AddRange(TestsOf(feature, set));
            tests[^1] = tests[^1] with { End = KeyTest.EndOfFeature | KeyTest.EndOfPlayer };
        }

        return new LeafPath(leaf, [.. on], [.. tests], covers ? [.. shares] : null);
    }

    private static IEnumerable<KeyTest> TestsOf(int feature, KeySet set)
    {
        ReadOnlySpan<(int Low, int High)> ranges = set.Ranges;
        if (ranges.Length == 0)
        {
            return [new KeyTest(feature, int.MinValue, 0, 0)]; // nothing has so low a key
        }

        var tests = new List<KeyTest>();
        bool joined = ranges.Length > 1 && ranges[0].Low == FloatKeys.Lowest && ranges[^1].High == FloatKeys.Missing;
        for (int i = joined ? 1 : 0; i < ranges.Length; i++)
        {
            int high = joined && i == ranges.Length - 1 ? ranges[0].High : ranges[i].High;
            tests.Add(new KeyTest(feature, ranges[i].Low, (uint)(high - ranges[i].Low), 0));
        }

        return tests;
    }
}
