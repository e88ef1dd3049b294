using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Graphs;

/// <summary>
/// Reads TreeEnsemble of ai.onnx.ml 5: inner nodes and leaves are numbered apart, each leaf has one target, each tree is
/// named by its first node. It always answers values.
/// </summary>
internal static class TreeEnsembleOperator
{
    private const int Average = 0, Sum = 1, Member = 6;

    private static readonly SplitMode[] Modes =
    [
        SplitMode.LessOrEqual, SplitMode.Less, SplitMode.GreaterOrEqual, SplitMode.Greater, SplitMode.Equal, SplitMode.NotEqual,
    ];

    private static readonly PostTransform[] Transforms =
    [
        PostTransform.None, PostTransform.Softmax, PostTransform.Logistic, PostTransform.SoftmaxZero, PostTransform.Probit,
    ];

    /// <inheritdoc cref="TreeEnsembleClassicOperators.Read"/>
    public static TreeEnsemble Read(NodeProto node, int? features)
    {
        var attributes = new NodeAttributes(node);
        double[] modes = NodeAttributes.Required(attributes.Numbers("nodes_modes"), "nodes_modes");
        double[] leafWeights = NodeAttributes.Required(attributes.Numbers("leaf_weights"), "leaf_weights");
        long[] leafTargets = attributes.Ints("leaf_targetids") ?? [];
        if (leafTargets.Length != leafWeights.Length)
        {
            throw new InvalidDataException($"leaf_targetids has {leafTargets.Length} entries where there are {leafWeights.Length} leaves.");
        }

        int inner = modes.Length, outputs = checked((int)attributes.Int("n_targets", 1));
        TreeNodes nodes = ReadNodes(attributes, modes, leafWeights.Length);
        int[] roots = [.. NodeAttributes.Required(attributes.Ints("tree_roots"), "tree_roots")
            .Select(r => (int)Within(r, inner, "tree_roots"))];

        // A tree that is one leaf is written as a node both of whose branches are that leaf: its two copies here.
        nodes = nodes.WithLeavesOnce(inner, out int[] leafOf);
        nodes.Check(roots, features, i => i < inner ? $"Node {i}" : $"Leaf {leafOf[i - inner]}");
        long aggregate = attributes.Int("aggregate_function", Sum), transform = attributes.Int("post_transform", 0);
        double scale = aggregate switch
        {
            Sum => 1,
            Average => 1.0 / roots.Length,
            _ => throw new NotPlainTreesException($"The trees are aggregated by function {aggregate}"),
        };

        double[] weights = new double[checked(nodes.Feature.Length * outputs)];
        for (int i = 0; i < leafOf.Length; i++)
        {
            int target = (int)Within(leafTargets[leafOf[i]], outputs, "leaf_targetids");
            weights[((inner + i) * outputs) + target] = leafWeights[leafOf[i]] * scale;
        }

        if (outputs > 1 && transform is (1 or 2))
        {
            throw new NotPlainTreesException("SOFTMAX and LOGISTIC have each other's number in ONNX and in ONNX Runtime");
        }

        MarginShape shape = new MarginShape(outputs, [], Transforms[Within(transform, Transforms.Length, "post_transform")]).ForRegressor();
        return new TreeEnsemble
        {
            Features = features ?? nodes.FeaturesNeeded,
            FeaturesDeclared = features is not null,
            Outputs = outputs,
            Roots = roots,
            Feature = nodes.Feature,
            Threshold = nodes.Threshold,
            Mode = nodes.Mode,
            Left = nodes.Left,
            Right = nodes.Right,
            MissingLeft = nodes.MissingLeft,
            Weights = weights,
            BaseValues = shape.BaseValues,
            PostTransform = shape.Transform,
            IsClassifier = false,
            Classes = 0,
        };
    }

    private static TreeNodes ReadNodes(NodeAttributes attributes, double[] modes, int leaves)
    {
        int inner = modes.Length;
        long[] featureIds = NodeAttributes.Required(attributes.Ints("nodes_featureids"), "nodes_featureids", inner);
        double[] splits = NodeAttributes.Required(attributes.Numbers("nodes_splits"), "nodes_splits", inner);
        long[] left = NodeAttributes.Required(attributes.Ints("nodes_truenodeids"), "nodes_truenodeids", inner);
        long[] right = NodeAttributes.Required(attributes.Ints("nodes_falsenodeids"), "nodes_falsenodeids", inner);
        long[] leftIsLeaf = NodeAttributes.Required(attributes.Ints("nodes_trueleafs"), "nodes_trueleafs", inner);
        long[] rightIsLeaf = NodeAttributes.Required(attributes.Ints("nodes_falseleafs"), "nodes_falseleafs", inner);
        long[] missing = attributes.Ints("nodes_missing_value_tracks_true") ?? [];
        if (missing.Length > 0)
        {
            NodeAttributes.Required(missing, "nodes_missing_value_tracks_true", inner);
        }

        var nodes = new TreeNodes(inner);
        for (int i = 0; i < inner; i++)
        {
            if (modes[i] == Member)
            {
                throw new NotPlainTreesException("A node asks for membership in a set");
            }

            SplitMode mode = Modes[Within((long)modes[i], Modes.Length, "nodes_modes")];
            int a = Child(left[i], leftIsLeaf[i], "nodes_truenodeids"), b = Child(right[i], rightIsLeaf[i], "nodes_falsenodeids");
            nodes.SetSplit(i, mode, featureIds[i], splits[i], a, b, missing.Length > 0 && missing[i] == 1);
        }

        return nodes;

        int Child(long id, long isLeaf, string name) =>
            (int)(isLeaf != 0 ? inner + Within(id, leaves, name) : Within(id, inner, name));
    }

    private static long Within(long value, int count, string name) => value >= 0 && value < count ? value
        : throw new InvalidDataException($"{name} holds {value} where it must be from 0 to {count - 1}.");
}
