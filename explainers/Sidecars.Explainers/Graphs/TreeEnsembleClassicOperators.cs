using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Graphs;

/// <summary>
/// Reads TreeEnsembleClassifier and TreeEnsembleRegressor of ai.onnx.ml 1 to 4: nodes are named by (tree, node), weights
/// of leaves stand in a list of their own. Where the ONNX text leaves a choice, the reading is ONNX Runtime's.
/// </summary>
internal static class TreeEnsembleClassicOperators
{
    /// <summary>Reads a node of the graph.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="features">How many features the graph's input has; null where it does not say.</param>
    /// <exception cref="InvalidDataException">Its arrays make no trees.</exception>
    /// <exception cref="NotPlainTreesException">They do, but what is made of them has no exact reading here.</exception>
    public static TreeEnsemble Read(NodeProto node, int? features)
    {
        var attributes = new NodeAttributes(node);
        bool classifier = node.OpType == "TreeEnsembleClassifier";
        long[] trees = NodeAttributes.Required(attributes.Ints("nodes_treeids"), "nodes_treeids");
        long[] ids = NodeAttributes.Required(attributes.Ints("nodes_nodeids"), "nodes_nodeids", trees.Length);
        var positions = new Dictionary<(long Tree, long Node), int>(trees.Length);
        for (int i = 0; i < trees.Length; i++)
        {
            if (!positions.TryAdd((trees[i], ids[i]), i))
            {
                throw new InvalidDataException($"Node {ids[i]} of tree {trees[i]} is there twice.");
            }
        }

        TreeNodes nodes = ReadNodes(attributes, trees, ids, positions);
        int[] roots = Roots(trees);
        nodes.Check(roots, features, i => $"Node {ids[i]} of tree {trees[i]}");

        int outputs = classifier ? Classes(attributes) : checked((int)attributes.Int("n_targets", 1));
        LeafWeights leaves = LeafWeights.Read(attributes, classifier ? "class" : "target", positions, nodes, outputs);
        double[] baseValues = attributes.Numbers("base_values") ?? [];
        PostTransform transform = PostTransforms.Parse(attributes.String("post_transform", "NONE"));
        string aggregate = attributes.String("aggregate_function", "SUM");
        double scale = classifier || aggregate == "SUM" ? 1 : aggregate == "AVERAGE" ? 1.0 / roots.Length
            : throw new NotPlainTreesException($"The trees are aggregated by {aggregate}");
        var margins = new MarginShape(outputs, baseValues, transform);
        MarginShape shape = classifier ? margins.ForClassifier(leaves) : margins.ForRegressor();
        return new TreeEnsemble
        {
            Features = features ?? nodes.FeaturesNeeded,
            FeaturesDeclared = features is not null,
            Outputs = shape.Outputs,
            Roots = roots,
            Feature = nodes.Feature,
            Threshold = nodes.Threshold,
            Mode = nodes.Mode,
            Left = nodes.Left,
            Right = nodes.Right,
            MissingLeft = nodes.MissingLeft,
            Weights = leaves.ToArray(shape.Outputs, scale),
            BaseValues = shape.BaseValues,
            PostTransform = shape.Transform,
            MarginIsProbability = shape.MarginIsProbability,
            IsClassifier = classifier,
            Classes = classifier ? outputs : 0,
            Covers = nodes.ReadCovers(attributes.Numbers("nodes_hitrates")),
        };
    }

    private static TreeNodes ReadNodes(
        NodeAttributes attributes, long[] trees, long[] ids, Dictionary<(long Tree, long Node), int> positions)
    {
        int count = trees.Length;
        long[] featureIds = NodeAttributes.Required(attributes.Ints("nodes_featureids"), "nodes_featureids", count);
        double[] values = NodeAttributes.Required(attributes.Numbers("nodes_values"), "nodes_values", count);
        string[] modes = NodeAttributes.Required(attributes.Strings("nodes_modes"), "nodes_modes", count);
        long[] left = NodeAttributes.Required(attributes.Ints("nodes_truenodeids"), "nodes_truenodeids", count);
        long[] right = NodeAttributes.Required(attributes.Ints("nodes_falsenodeids"), "nodes_falsenodeids", count);
        long[] missing = attributes.Ints("nodes_missing_value_tracks_true") ?? [];
        if (missing.Length > 0)
        {
            NodeAttributes.Required(missing, "nodes_missing_value_tracks_true", count);
        }

        var nodes = new TreeNodes(count);
        for (int i = 0; i < count; i++)
        {
            SplitMode mode = Mode(modes[i]);
            if (mode == SplitMode.Leaf)
            {
                nodes.SetLeaf(i);
                continue;
            }

            nodes.SetSplit(i, mode, featureIds[i], values[i], Child(i, left[i]), Child(i, right[i]), missing.Length > 0 && missing[i] == 1);
        }

        return nodes;

        int Child(int i, long id) => positions.TryGetValue((trees[i], id), out int child) ? child
            : throw new InvalidDataException($"Node {ids[i]} of tree {trees[i]} leads to node {id}, which is not there.");
    }

    // A tree begins with the first of its nodes.
    private static int[] Roots(long[] trees)
    {
        var seen = new HashSet<long>();
        return [.. Enumerable.Range(0, trees.Length).Where(i => seen.Add(trees[i]))];
    }

    private static int Classes(NodeAttributes attributes)
    {
        int classes = attributes.Ints("classlabels_int64s") is { Length: > 0 } numbers ? numbers.Length
            : attributes.Strings("classlabels_strings")?.Length ?? 0;
        return classes > 1 ? classes : throw new NotPlainTreesException($"The classifier has {classes} classes");
    }

    private static SplitMode Mode(string name) => name switch
    {
        "LEAF" => SplitMode.Leaf,
        "BRANCH_LEQ" => SplitMode.LessOrEqual,
        "BRANCH_LT" => SplitMode.Less,
        "BRANCH_GTE" => SplitMode.GreaterOrEqual,
        "BRANCH_GT" => SplitMode.Greater,
        "BRANCH_EQ" => SplitMode.Equal,
        "BRANCH_NEQ" => SplitMode.NotEqual,
        _ => throw new InvalidDataException($"A node's mode is {name}."),
    };
}
