using System.Runtime.InteropServices;
using Google.Protobuf;
using Sidecars.Explainers.Graphs.Onnx;

namespace Explainers.Benchmarks;

/// <summary>A network of fully connected layers with ReLU and a softmax over two classes, its weights from a fixed seed.</summary>
internal static class Network
{
    private const int Float = 1;

    /// <summary>Writes it as an ONNX file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="features">How many features a row has.</param>
    /// <param name="layers">How many hidden layers.</param>
    /// <param name="width">How many units each has.</param>
    public static void Write(string path, int features, int layers, int width)
    {
        var random = new Random(1);
        var graph = new GraphProto { Name = "network", Input = { Value("input", features) }, Output = { Value("probabilities", 2) } };
        string at = "input";
        for (int layer = 0, rows = features; layer <= layers; layer++)
        {
            int columns = layer < layers ? width : 2;
            graph.Initializer.Add(Weights($"w{layer}", random, Math.Sqrt(2.0 / rows), rows, columns));
            graph.Initializer.Add(Weights($"b{layer}", random, 0.01, columns));
            graph.Node.Add(Node("MatMul", $"m{layer}", at, $"w{layer}"));
            graph.Node.Add(Node("Add", $"a{layer}", $"m{layer}", $"b{layer}"));
            at = layer < layers ? $"r{layer}" : "probabilities";
            graph.Node.Add(Node(layer < layers ? "Relu" : "Softmax", at, $"a{layer}"));
            rows = columns;
        }

        var model = new ModelProto { IrVersion = 8, Graph = graph, OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 15 } } };
        File.WriteAllBytes(path, model.ToByteArray());
    }

    private static NodeProto Node(string type, string output, params string[] inputs) =>
        new() { OpType = type, Input = { inputs }, Output = { output } };

    private static TensorProto Weights(string name, Random random, double scale, params long[] shape)
    {
        float[] values = new float[shape.Aggregate(1L, static (all, d) => all * d)];
        foreach (ref float value in values.AsSpan())
        {
            // Box and Muller's normal numbers.
            value = (float)(scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return new TensorProto { Name = name, DataType = Float, Dims = { shape }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };
    }

    private static ValueInfoProto Value(string name, int columns) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new TensorTypeProto
            {
                ElemType = Float,
                Shape = new TensorShapeProto
                {
                    Dim = { new TensorShapeProto.Types.Dimension { DimParam = "n" }, new TensorShapeProto.Types.Dimension { DimValue = columns } },
                },
            },
        },
    };
}
