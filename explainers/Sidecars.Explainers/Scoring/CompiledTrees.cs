using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// A tree ensemble in which every decision is <c>x &lt;= t</c>, exactly as ONNX Runtime would decide it on float32.
/// <c>x &lt; t</c> is <c>x &lt;= t'</c> for the float before t; <c>&gt;</c> and <c>&gt;=</c> change sides; (in)equality
/// takes two decisions. A missing value fails every comparison; where it should pass, the decision looks at a second
/// column of the same feature, in which missing values are −∞.
/// </summary>
internal sealed class CompiledTrees
{
    private CompiledTrees(TreeEnsemble source) => Source = source;

    /// <summary>What was compiled.</summary>
    public TreeEnsemble Source { get; }

    /// <summary>The decisions and leaves of all trees.</summary>
    public required TreeNode[] Nodes { get; init; }

    /// <summary>The weights of leaves, [nodes, outputs].</summary>
    public required double[] Weights { get; init; }

    /// <summary>The first node of each tree.</summary>
    public required int[] Roots { get; init; }

    /// <summary>The most decisions on a way down each tree.</summary>
    public required int[] Depths { get; init; }

    /// <summary>The outputs that each tree adds to.</summary>
    public required int[][] OutputsOf { get; init; }

    /// <summary>The features in whose column missing values pass: columns after the <see cref="TreeEnsemble.Features"/> plain ones.</summary>
    public required int[] PassingColumns { get; init; }

    /// <summary>How many columns decisions look at.</summary>
    public int Columns => Source.Features + PassingColumns.Length;

    /// <summary>The feature that a column shows.</summary>
    public int FeatureOf(int column) => column < Source.Features ? column : PassingColumns[column - Source.Features];

    /// <summary>What a column shows of a feature's value.</summary>
    public float ValueIn(int column, float value) =>
        column >= Source.Features && float.IsNaN(value) ? float.NegativeInfinity : value;

    /// <summary>Compiles an ensemble; null for thresholds that have no such form: NaN, and −∞ where it is compared with less, or equality.</summary>
    public static CompiledTrees? TryCompile(TreeEnsemble trees)
    {
        for (int node = 0; node < trees.Nodes; node++)
        {
            if (trees.Feature[node] >= 0 && (float.IsNaN(trees.Threshold[node])
                || (float.IsNegativeInfinity(trees.Threshold[node]) && trees.Mode[node] is not (SplitMode.LessOrEqual or SplitMode.Greater))))
            {
                return null;
            }
        }

        return new Compilation(trees).Run();
    }

    private sealed class Compilation(TreeEnsemble trees)
    {
        private readonly List<TreeNode> _nodes = [];
        private readonly List<int> _leaves = [];
        private readonly List<int> _passing = [];
        private readonly Queue<(int Source, int Target, int Level)> _open = [];

        public CompiledTrees Run()
        {
            int[] roots = new int[trees.Roots.Length];
            int[] depths = new int[roots.Length];
            int[][] outputsOf = new int[roots.Length][];
            for (int t = 0; t < roots.Length; t++)
            {
                int first = _leaves.Count;
                roots[t] = Reserve(trees.Roots[t], 0);
                while (_open.TryDequeue(out (int Source, int Target, int Level) next))
                {
                    depths[t] = Math.Max(depths[t], next.Level);
                    Compile(next.Source, next.Target, next.Level);
                }

                outputsOf[t] = [.. Enumerable.Range(0, trees.Outputs).Where(o =>
                    _leaves.Skip(first).Any(leaf => leaf >= 0 && trees.Weights[(leaf * trees.Outputs) + o] != 0))];
            }

            double[] weights = new double[_nodes.Count * trees.Outputs];
            for (int node = 0; node < _nodes.Count; node++)
            {
                if (_leaves[node] >= 0)
                {
                    trees.Weights.AsSpan(_leaves[node] * trees.Outputs, trees.Outputs).CopyTo(weights.AsSpan(node * trees.Outputs));
                }
            }

            return new CompiledTrees(trees)
            {
                Nodes = [.. _nodes],
                Weights = weights,
                Roots = roots,
                Depths = depths,
                OutputsOf = outputsOf,
                PassingColumns = [.. _passing],
            };
        }

        private void Compile(int source, int target, int level)
        {
            if (trees.Feature[source] < 0)
            {
                _nodes[target] = new TreeNode { Threshold = float.NaN, Then = target, Otherwise = target };
                _leaves[target] = source;
                return;
            }

            SplitMode mode = trees.Mode[source];
            float threshold = trees.Threshold[source];
            bool equality = mode is SplitMode.Equal or SplitMode.NotEqual;

            // A node's place is before those of all below it.
            int second = equality ? Reserve(-1, level + 1) : -1;
            int left = Reserve(trees.Left[source], level + (equality ? 2 : 1));
            int right = Reserve(trees.Right[source], level + (equality ? 2 : 1));
            bool missingLeft = trees.MissingLeft[source] || mode == SplitMode.NotEqual;
            int feature = trees.Feature[source];
            switch (mode)
            {
                case SplitMode.LessOrEqual:
                    _nodes[target] = Decide(feature, threshold, left, right, missingPasses: missingLeft);
                    break;
                case SplitMode.Less:
                    _nodes[target] = Decide(feature, float.BitDecrement(threshold), left, right, missingPasses: missingLeft);
                    break;
                case SplitMode.Greater:
                    _nodes[target] = Decide(feature, threshold, right, left, missingPasses: !missingLeft);
                    break;
                case SplitMode.GreaterOrEqual:
                    _nodes[target] = Decide(feature, float.BitDecrement(threshold), right, left, missingPasses: !missingLeft);
                    break;
                default:
                    // x == t: not above t, and not at or below the float before it. A missing value is sent by the first
                    // decision to where it belongs, or on to the second, which it fails.
                    (int same, int other) = mode == SplitMode.Equal ? (left, right) : (right, left);
                    _nodes[target] = Decide(feature, threshold, second, other, missingPasses: mode == SplitMode.Equal && missingLeft);
                    _nodes[second] = Decide(feature, float.BitDecrement(threshold), other, same, missingPasses: false);
                    break;
            }
        }

        private TreeNode Decide(int feature, float threshold, int then, int otherwise, bool missingPasses)
        {
            int column = feature;
            if (missingPasses)
            {
                int at = _passing.IndexOf(feature);
                if (at < 0)
                {
                    at = _passing.Count;
                    _passing.Add(feature);
                }

                column = trees.Features + at;
            }

            return new TreeNode { Threshold = threshold, Column = column, Then = then, Otherwise = otherwise };
        }

        private int Reserve(int source, int level)
        {
            int target = _nodes.Count;
            _nodes.Add(default);
            _leaves.Add(-1);
            if (source >= 0)
            {
                _open.Enqueue((source, target, level));
            }

            return target;
        }
    }
}
