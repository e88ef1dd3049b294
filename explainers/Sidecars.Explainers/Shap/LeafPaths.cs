using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Shap;

/// <summary>Finds the <see cref="LeafPath"/>s of trees.</summary>
internal static class LeafPaths
{
    // A step of the walk: onto a node by what its parent asks of a feature.
    private readonly record struct Step(int Node, int Depth, int Feature, KeySet Set, double Share);

    /// <summary>The paths to all leaves of a tree that weigh something, from left to right.</summary>
    /// <param name="trees">The ensemble.</param>
    /// <param name="root">The tree's first node.</param>
    /// <param name="players">The player of each feature.</param>
    public static IEnumerable<LeafPath> Of(TreeEnsemble trees, int root, int[] players)
    {
        var open = new Stack<Step>([new Step(root, 0, -1, KeySet.All, 1)]);
        var path = new Path(trees, players);
        while (open.TryPop(out Step step))
        {
            path.Back(step.Depth);
            if (step.Feature >= 0)
            {
                path.Enter(step.Feature, step.Set, step.Share);
            }

            if (trees.Feature[step.Node] >= 0)
            {
                open.Push(Below(trees, step.Node, path.Depth, left: false));
                open.Push(Below(trees, step.Node, path.Depth, left: true));
            }
            else if (trees.Weights.AsSpan(step.Node * trees.Outputs, trees.Outputs).ContainsAnyExcept(0.0))
            {
                yield return path.ToLeaf(step.Node);
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

    private static Step Below(TreeEnsemble trees, int node, int depth, bool left) => new(
        left ? trees.Left[node] : trees.Right[node],
        depth,
        trees.Feature[node],
        KeySet.Of(trees, node, left),
        trees.Covers is null ? 0 : Share(trees, node, left));

    // What the path to the current node asks of each feature; a trail undoes it when the walk goes back up.
    private sealed class Path(TreeEnsemble trees, int[] players)
    {
        private readonly SortedSet<(int Player, int Feature)> _on = [];
        private readonly (KeySet Set, double Share)[] _asked = new (KeySet, double)[trees.Features];
        private readonly Stack<(int Feature, bool New, KeySet Set, double Share)> _trail = new();

        public int Depth => _trail.Count;

        public void Enter(int feature, KeySet set, double share)
        {
            bool isNew = _on.Add((players[feature], feature));
            (KeySet Set, double Share) asked = _asked[feature];
            _trail.Push((feature, isNew, asked.Set, asked.Share));
            _asked[feature] = isNew ? (set, share) : (asked.Set.Intersect(set), asked.Share * share);
        }

        public void Back(int depth)
        {
            while (_trail.Count > depth)
            {
                (int feature, bool isNew, KeySet set, double share) = _trail.Pop();
                _asked[feature] = (set, share);
                if (isNew)
                {
                    _on.Remove((players[feature], feature));
                }
            }
        }

        public LeafPath ToLeaf(int node)
        {
            var on = new List<int>(_on.Count);
            var shares = new List<double>(_on.Count);
            var tests = new List<KeyTest>(_on.Count);
            foreach ((int player, int feature) in _on)
            {
                (KeySet set, double share) = _asked[feature];
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

                AddTests(tests, feature, set);
            }

            return new LeafPath(node, [.. on], [.. tests], trees.Covers is null ? null : [.. shares]);
        }
    }

    private static void AddTests(List<KeyTest> tests, int feature, KeySet set)
    {
        ReadOnlySpan<(int Low, int High)> ranges = set.Ranges;
        bool joined = ranges.Length > 1 && ranges[0].Low == FloatKeys.Lowest && ranges[^1].High == FloatKeys.Missing;
        for (int i = joined ? 1 : 0; i < ranges.Length; i++)
        {
            int high = joined && i == ranges.Length - 1 ? ranges[0].High : ranges[i].High;
            tests.Add(new KeyTest(feature, ranges[i].Low, (uint)(high - ranges[i].Low), 0));
        }

        if (ranges.Length == 0)
        {
            tests.Add(new KeyTest(feature, int.MinValue, 0, 0)); // nothing has so low a key
        }

        tests[^1] = tests[^1] with { End = KeyTest.EndOfFeature | KeyTest.EndOfPlayer };
    }
}
