using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Graphs;

/// <summary>A graph around one tree operator, in which every other node leaves the numbers as they are.</summary>
internal sealed class TreeGraph
{
    private const int Float = 1, Double = 11;

    private static readonly HashSet<string> TreeOperators = ["TreeEnsembleClassifier", "TreeEnsembleRegressor", "TreeEnsemble"];

    private bool _normalized;

    private TreeGraph(NodeProto tree, int? features)
    {
        Tree = tree;
        Features = features;
    }

    /// <summary>The tree operator's node.</summary>
    public NodeProto Tree { get; }

    /// <summary>How many features the graph says its input has; null where it does not say.</summary>
    public int? Features { get; }

    /// <summary>Finds the tree operator and looks at all around it.</summary>
    /// <exception cref="NotPlainTreesException">There is none, more than one, or something beside it changes numbers.</exception>
    public static TreeGraph Find(GraphProto graph)
    {
        NodeProto[] trees = [.. graph.Node.Where(static n => TreeOperators.Contains(n.OpType))];
        if (trees.Length != 1)
        {
            throw new NotPlainTreesException(trees.Length == 0 ? "The graph has no tree ensemble" : $"The graph has {trees.Length} tree ensembles");
        }

        NodeProto tree = trees[0];
        HashSet<string> constants = [.. graph.Initializer.Select(static t => t.Name)];
        ValueInfoProto[] inputs = [.. graph.Input.Where(i => !constants.Contains(i.Name))];
        if (inputs.Length != 1)
        {
            throw new NotPlainTreesException($"The graph has {inputs.Length} inputs");
        }

        TensorTypeProto? type = inputs[0].Type?.TensorType;
        if (type is not null && type.HasElemType && type.ElemType is not (Float or Double))
        {
            throw new NotPlainTreesException("The graph's input holds no floating-point numbers");
        }

        var found = new TreeGraph(tree, DeclaredFeatures(type));
        found.CheckNodes(graph, inputs[0].Name, constants);
        return found;
    }

    /// <summary>Checks that normalising the ensemble's answers would not change them.</summary>
    /// <exception cref="NotPlainTreesException">It would.</exception>
    public void CheckNormalizer(TreeEnsemble ensemble)
    {
        if (_normalized && !ensemble.AnswersSumToOne())
        {
            throw new NotPlainTreesException("A Normalizer changes what the trees answer");
        }
    }

    private static int? DeclaredFeatures(TensorTypeProto? type)
    {
        if (type?.Shape is not { } shape)
        {
            return null;
        }

        if (shape.Dim.Count != 2)
        {
            throw new NotPlainTreesException($"The graph's input has {shape.Dim.Count} dimensions");
        }

        long features = shape.Dim[1].DimValue;
        return features is > 0 and <= int.MaxValue ? (int)features : null;
    }

    // Each name is the input itself, a constant, or what the trees said: labels or scores. ONNX lists nodes in the order
    // in which they can run, so one pass sees every name before it is used.
    private void CheckNodes(GraphProto graph, string input, HashSet<string> constants)
    {
        HashSet<string> rows = [input], labels = [], scores = [];
        foreach (NodeProto node in graph.Node)
        {
            string[] from = [.. node.Input.Where(name => name.Length > 0 && !constants.Contains(name))];
            if (node == Tree)
            {
                if (from.Length != 1 || !rows.Contains(from[0]))
                {
                    throw new NotPlainTreesException("The tree ensemble does not read the graph's input as it comes");
                }

                bool classifier = Tree.OpType == "TreeEnsembleClassifier";
                (classifier ? labels : scores).Add(node.Output.FirstOrDefault() ?? "");
                scores.UnionWith(node.Output.Skip(1));
            }
            else if (from.Length == 0)
            {
                constants.UnionWith(node.Output);
            }
            else if (from.All(rows.Contains) && LeavesRows(node))
            {
                rows.UnionWith(node.Output);
            }
            else if (from.All(labels.Contains) || (node.OpType == "ArgMax" && from.All(scores.Contains) && labels.Count > 0))
            {
                labels.UnionWith(node.Output);
            }
            else if (from.All(name => scores.Contains(name) || labels.Contains(name)) && LeavesScores(node))
            {
                scores.UnionWith(node.Output);
            }
            else
            {
                throw new NotPlainTreesException($"The graph has a node {node.OpType}, which changes numbers");
            }
        }
    }

    private static bool LeavesRows(NodeProto node) => node.OpType == "Identity" || IsFloatCast(node);

    private bool LeavesScores(NodeProto node)
    {
        if (node.OpType == "Normalizer" && new NodeAttributes(node).String("norm", "MAX") == "L1")
        {
            _normalized = true;
            return true;
        }

        return node.OpType is "Identity" or "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "ZipMap" || IsFloatCast(node);
    }

    private static bool IsFloatCast(NodeProto node) =>
        node.OpType == "Cast" && new NodeAttributes(node).Int("to", 0) is (Float or Double);
}
