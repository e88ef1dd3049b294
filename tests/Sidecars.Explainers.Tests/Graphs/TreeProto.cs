using Google.Protobuf;
using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Graphs.Onnx;
using AttributeType = Sidecars.Explainers.Graphs.Onnx.AttributeProto.Types.AttributeType;

namespace Sidecars.Explainers.Tests.Graphs;

/// <summary>Builds ONNX models of trees for tests: the classic operators from a <see cref="TreeEnsemble"/>, or attribute by attribute.</summary>
internal static class TreeProto
{
    private const int Float = 1, Int64 = 7;

    private static readonly string[] Modes = ["LEAF", "BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];

    /// <summary>The node of a classic operator. Weights are written for class or target 0 where there is one margin.</summary>
    public static NodeProto Classic(TreeEnsemble trees, int? classes = null, string transform = "NONE", float[]? baseValues = null)
    {
        bool classifier = classes is not null;
        int[] tree = new int[trees.Nodes];
        for (int t = 0; t < trees.Roots.Length; t++)
        {
            int end = t + 1 < trees.Roots.Length ? trees.Roots[t + 1] : trees.Nodes;
            Array.Fill(tree, t, trees.Roots[t], end - trees.Roots[t]);
        }

        var node = new NodeProto { OpType = classifier ? "TreeEnsembleClassifier" : "TreeEnsembleRegressor", Domain = "ai.onnx.ml" };
        node.Input.Add("input");
        node.Output.Add(classifier ? ["label", "scores"] : ["scores"]);
        int[] all = [.. Enumerable.Range(0, trees.Nodes)];
        node.Set("nodes_treeids", all.Select(i => (long)tree[i]));
        node.Set("nodes_nodeids", all.Select(i => (long)(i - trees.Roots[tree[i]])));
        node.Set("nodes_featureids", all.Select(i => (long)Math.Max(0, trees.Feature[i])));
        node.Set("nodes_values", all.Select(i => trees.Threshold[i]));
        node.Set("nodes_modes", all.Select(i => Modes[(int)trees.Mode[i]]));
        node.Set("nodes_truenodeids", all.Select(i => (long)Math.Max(0, trees.Left[i] - trees.Roots[tree[i]])));
        node.Set("nodes_falsenodeids", all.Select(i => (long)Math.Max(0, trees.Right[i] - trees.Roots[tree[i]])));
        node.Set("nodes_missing_value_tracks_true", all.Select(i => trees.MissingLeft[i] ? 1L : 0));
        (int Node, int Output)[] weights = [.. all.Where(i => trees.Feature[i] < 0)
            .SelectMany(i => Enumerable.Range(0, trees.Outputs).Select(o => (i, o)))];
        string prefix = classifier ? "class" : "target";
        node.Set($"{prefix}_treeids", weights.Select(w => (long)tree[w.Node]));
        node.Set($"{prefix}_nodeids", weights.Select(w => (long)(w.Node - trees.Roots[tree[w.Node]])));
        node.Set($"{prefix}_ids", weights.Select(w => (long)w.Output));
        node.Set($"{prefix}_weights", weights.Select(w => (float)trees.Weights[(w.Node * trees.Outputs) + w.Output]));
        node.Set("post_transform", transform);
        if (classifier)
        {
            node.Set("classlabels_int64s", Enumerable.Range(0, classes!.Value).Select(static c => (long)c));
        }
        else
        {
            node.Set("n_targets", trees.Outputs);
        }

        if (baseValues is not null)
        {
            node.Set("base_values", baseValues);
        }

        return node;
    }

    /// <summary>A graph of one input [n, features] and the outputs of its last node.</summary>
    public static ModelProto Model(int? features, params NodeProto[] nodes)
    {
        var graph = new GraphProto { Name = "trees" };
        graph.Node.AddRange(nodes);
        graph.Input.Add(Value("input", Float, features));
        foreach (string output in nodes[^1].Output)
        {
            graph.Output.Add(Value(output, output == "label" ? Int64 : Float, null));
        }

        var model = new ModelProto { IrVersion = 9, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = nodes.Any(static n => n.OpType == "TreeEnsemble") ? 5 : 3 });
        return model;
    }

    /// <summary>A node of one input and one output.</summary>
    public static NodeProto Node(string type, string input, string output, string domain = "")
    {
        var node = new NodeProto { OpType = type, Domain = domain };
        node.Input.Add(input);
        node.Output.Add(output);
        return node;
    }

    /// <summary>Writes a model where a test can read it; the caller deletes it.</summary>
    public static string Write(ModelProto model)
    {
        string path = Path.Combine(Path.GetTempPath(), $"trees-{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    public static NodeProto Set(this NodeProto node, string name, IEnumerable<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return node.Put(attribute);
    }

    public static NodeProto Set(this NodeProto node, string name, IEnumerable<float> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Floats };
        attribute.Floats.AddRange(values);
        return node.Put(attribute);
    }

    public static NodeProto Set(this NodeProto node, string name, IEnumerable<string> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Strings };
        attribute.Strings.AddRange(values.Select(ByteString.CopyFromUtf8));
        return node.Put(attribute);
    }

    public static NodeProto Set(this NodeProto node, string name, string value) =>
        node.Put(new AttributeProto { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) });

    public static NodeProto Set(this NodeProto node, string name, long value) =>
        node.Put(new AttributeProto { Name = name, Type = AttributeType.Int, I = value });

    public static NodeProto Set(this NodeProto node, string name, TensorProto value) =>
        node.Put(new AttributeProto { Name = name, Type = AttributeType.Tensor, T = value });

    private static NodeProto Put(this NodeProto node, AttributeProto attribute)
    {
        if (node.Attribute.FirstOrDefault(a => a.Name == attribute.Name) is { } old)
        {
            node.Attribute.Remove(old);
        }

        node.Attribute.Add(attribute);
        return node;
    }

    private static ValueInfoProto Value(string name, int type, int? columns)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "n" });
        if (name != "label")
        {
            shape.Dim.Add(columns is { } c
                ? new TensorShapeProto.Types.Dimension { DimValue = c }
                : new TensorShapeProto.Types.Dimension { DimParam = "columns" });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = type, Shape = shape } } };
    }
}
