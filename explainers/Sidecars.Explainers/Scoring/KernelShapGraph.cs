using System.Runtime.InteropServices;
using Google.Protobuf;
using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// The game of Shapley values as one ONNX graph around a model: of a row and a mask of coalitions it makes the rows in which
/// absent features come from the background, scores them with the model's own nodes, and averages over the background,
/// v(S) = Σ_b w_b f(x on S, b elsewhere), in float64. With a projection it goes on to P · link(v), so that only values come
/// back. The model's nodes are taken as they are, and so are its operator sets.
/// </summary>
internal static class KernelShapGraph
{
    /// <summary>The explained row: float [1, 1, features].</summary>
    public const int RowInput = 0;

    /// <summary>Which features each coalition keeps: bool [coalitions, 1, features].</summary>
    public const int MaskInput = 1;

    /// <summary>With a projection: double [players, coalitions].</summary>
    public const int ProjectionInput = 2;

    // Where broadcasts since this version; all else here is older.
    private const long LeastOpset = 9;
    private const string Prefix = "sidecars/";

    /// <summary>Whether the game can be built around a model.</summary>
    public static bool CanCompose(ModelProto model, RowInputs inputs) =>
        inputs.FixedRows is null && model.OpsetImport.All(static o => o.Domain is not ("" or "ai.onnx") || o.Version >= LeastOpset);

    /// <summary>Builds the graph: its output is v, double [coalitions, outputs], or with a projection double [players, outputs].</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">How rows become its inputs.</param>
    /// <param name="scores">The tensor that holds its scores.</param>
    /// <param name="outputs">How many scores a row has.</param>
    /// <param name="background">Where absent features come from.</param>
    /// <param name="projected">The link before the projection; null for no projection.</param>
    public static byte[] Compose(ModelProto model, RowInputs inputs, string scores, int outputs, Background background, ShapLink? projected)
    {
        ModelProto game = model.Clone();
        if (!game.OpsetImport.Any(static o => o.Domain is "" or "ai.onnx"))
        {
            game.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 15 });
        }

        GraphProto graph = game.Graph;
        int features = inputs.Features, count = background.Rows.Rows;
        HashSet<string> replaced = [.. inputs.All.Select(static i => i.Name)];
        ValueInfoProto[] kept = [.. graph.Input.Where(i => !replaced.Contains(i.Name))];
        graph.Input.Clear();
        graph.Input.Add(Value("row", OnnxTypes.Float, 1, 1, features));
        graph.Input.Add(Value("mask", OnnxTypes.Bool, -1, 1, features));
        graph.Input.Add(kept);

        // Rows: [coalitions, background, features], and flat.
        List<NodeProto> before = [];
        graph.Initializer.Add(Constant("background", OnnxTypes.Float, MemoryMarshal.AsBytes(background.Rows.Values.Span), 1, count, features));
        before.Add(Node("Where", "cells", Prefix + "mask", Prefix + "row", Prefix + "background"));
        before.Add(Node("Reshape", "rows", Prefix + "cells", Shape(graph, "flat", -1, features)));
        foreach (RowInput input in inputs.All)
        {
            before.AddRange(ToInput(graph, input, features));
        }

        NodeProto[] nodes = [.. graph.Node];
        graph.Node.Clear();
        graph.Node.Add(before);
        graph.Node.Add(nodes);

        // Averages in float64: differences between coalitions are small against the scores.
        graph.Initializer.Add(Constant("weights", OnnxTypes.Double, MemoryMarshal.AsBytes(background.Weights.Span), 1, 1, count));
        graph.Node.Add(With(Node("Cast", "wide", scores), "to", OnnxTypes.Double));
        graph.Node.Add(Node("Reshape", "scores", Prefix + "wide", Shape(graph, "by_coalition", -1, count, outputs)));
        graph.Node.Add(Node("MatMul", "means", Prefix + "weights", Prefix + "scores"));
        graph.Node.Add(Node("Reshape", "v", Prefix + "means", Shape(graph, "by_output", -1, outputs)));
        graph.Output.Clear();
        if (projected is { } link)
        {
            graph.Input.Insert(ProjectionInput, Value("projection", OnnxTypes.Double, -1, -1));
            graph.Node.Add(LinkOf(graph, link));
            graph.Node.Add(Node("MatMul", "values", Prefix + "projection", Prefix + "linked"));
            graph.Output.Add(Value("values", OnnxTypes.Double, -1, outputs));
        }
        else
        {
            graph.Output.Add(Value("v", OnnxTypes.Double, -1, outputs));
        }

        return game.ToByteArray();
    }

    /// <summary>From the rows to one of the model's inputs: its columns, its datatype, its rank.</summary>
    private static IEnumerable<NodeProto> ToInput(GraphProto graph, RowInput input, int features)
    {
        string at = Prefix + "rows";
        string step = "input" + input.Index;
        if (input.Width != features)
        {
            long[] columns = [.. Enumerable.Range(input.From, input.Width).Select(static i => (long)i)];
            graph.Initializer.Add(Constant(step + "/columns", OnnxTypes.Int64, MemoryMarshal.AsBytes(columns.AsSpan()), columns.Length));
            yield return With(Node("Gather", step + "/some", at, Prefix + step + "/columns"), "axis", 1);
            at = Prefix + step + "/some";
        }

        if (input.Datatype != Datatype.FP32)
        {
            int type = input.Datatype switch
            {
                Datatype.FP64 => OnnxTypes.Double,
                Datatype.FP16 => OnnxTypes.Half,
                Datatype.INT64 => OnnxTypes.Int64,
                _ => OnnxTypes.Int32,
            };
            yield return With(Node("Cast", step + "/typed", at), "to", type);
            at = Prefix + step + "/typed";
        }

        string shape = input.IsVector ? Shape(graph, step + "/shape", -1) : Shape(graph, step + "/shape", -1, input.Width);
        yield return new NodeProto { OpType = "Reshape", Name = Prefix + step, Input = { at, shape }, Output = { input.Name } };
    }

    private static IEnumerable<NodeProto> LinkOf(GraphProto graph, ShapLink link)
    {
        if (link == ShapLink.Identity)
        {
            yield return Node("Identity", "linked", Prefix + "v");
            yield break;
        }

        // ln(v / (1 - v)).
        graph.Initializer.Add(Constant("one", OnnxTypes.Double, MemoryMarshal.AsBytes<double>([1.0])));
        yield return Node("Sub", "rest", Prefix + "one", Prefix + "v");
        yield return Node("Div", "odds", Prefix + "v", Prefix + "rest");
        yield return Node("Log", "linked", Prefix + "odds");
    }

    private static NodeProto Node(string type, string output, params string[] inputs) =>
        new() { OpType = type, Name = Prefix + output, Input = { inputs }, Output = { Prefix + output } };

    private static NodeProto With(NodeProto node, string attribute, long value)
    {
        node.Attribute.Add(new AttributeProto { Name = attribute, I = value, Type = AttributeProto.Types.AttributeType.Int });
        return node;
    }

    /// <summary>Adds the shape that a Reshape takes.</summary>
    private static string Shape(GraphProto graph, string name, params long[] shape)
    {
        graph.Initializer.Add(Constant(name, OnnxTypes.Int64, MemoryMarshal.AsBytes(shape.AsSpan()), shape.Length));
        return Prefix + name;
    }

    private static TensorProto Constant(string name, int type, ReadOnlySpan<byte> bytes, params long[] shape) =>
        new() { Name = Prefix + name, DataType = type, Dims = { shape }, RawData = ByteString.CopyFrom(bytes) };

    private static ValueInfoProto Value(string name, int type, params long[] shape)
    {
        var dimensions = new TensorShapeProto();
        for (int i = 0; i < shape.Length; i++)
        {
            dimensions.Dim.Add(shape[i] < 0
                ? new TensorShapeProto.Types.Dimension { DimParam = $"{Prefix}{name}/{i}" }
                : new TensorShapeProto.Types.Dimension { DimValue = shape[i] });
        }

        return new ValueInfoProto
        {
            Name = Prefix + name,
            Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = type, Shape = dimensions } },
        };
    }
}
