using Google.Protobuf;
using Sidecars.Explainers.Graphs.Onnx;
using Sidecars.Onnx;

namespace Sidecars.Explainers.Tests.Scoring;

/// <summary>Small ONNX files, made in code and removed when disposed. Dimensions below zero are symbolic.</summary>
internal sealed class SmallModel : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sidecars-scoring-").FullName;
    private readonly GraphProto _graph = new() { Name = "test" };

    public const int Float = 1, Int64 = 7, String = 8, Double = 11, Int32 = 6;

    /// <summary>Scores x W + b under the name "scores": [n, <paramref name="outputs"/>]; W[i,j] = (i + 1) / (j + 2), b[j] = j.</summary>
    public static SmallModel Linear(int features, int outputs, string then = "Identity", int type = Float)
    {
        double[] weights = [.. Enumerable.Range(0, features * outputs).Select(k => ((k / outputs) + 1.0) / ((k % outputs) + 2.0))];
        return new SmallModel()
            .Input("x", type, -1, features)
            .Constant("w", type, weights, features, outputs)
            .Constant("b", type, [.. Enumerable.Range(0, outputs).Select(static j => (double)j)], outputs)
            .Node("MatMul", ["x", "w"], ["xw"])
            .Node("Add", ["xw", "b"], ["xwb"])
            .Node(then, ["xwb"], ["scores"])
            .Output("scores", type, -1, outputs);
    }

    /// <summary>What <see cref="Linear"/> gives before its last operator.</summary>
    public static double[] LinearScores(ReadOnlySpan<float> row, int outputs)
    {
        double[] scores = new double[outputs];
        for (int j = 0; j < outputs; j++)
        {
            scores[j] = j;
            for (int i = 0; i < row.Length; i++)
            {
                scores[j] += row[i] * ((i + 1.0) / (j + 2.0));
            }
        }

        return scores;
    }

    public SmallModel Input(string name, int type, params long[] shape)
    {
        _graph.Input.Add(Value(name, type, shape));
        return this;
    }

    public SmallModel Output(string name, int type, params long[] shape)
    {
        _graph.Output.Add(Value(name, type, shape));
        return this;
    }

    /// <summary>The output of a ZipMap: its type is unknown to our reduced schema, so it is written as it stands in the format.</summary>
    public SmallModel MapsOutput(string name)
    {
        // TypeProto.sequence_type (4) of map_type (5) from INT64 to a tensor of floats.
        byte[] tensor = [0x0a, 0x02, 0x08, 0x01];
        byte[] map = [0x08, 0x07, 0x12, (byte)tensor.Length, .. tensor];
        byte[] element = [0x2a, (byte)map.Length, .. map];
        byte[] sequence = [0x0a, (byte)element.Length, .. element];
        _graph.Output.Add(new ValueInfoProto { Name = name, Type = TypeProto.Parser.ParseFrom([0x22, (byte)sequence.Length, .. sequence]) });
        return this;
    }

    public SmallModel Node(string type, string[] inputs, string[] outputs, string domain = "", params AttributeProto[] attributes)
    {
        _graph.Node.Add(new NodeProto { OpType = type, Domain = domain, Input = { inputs }, Output = { outputs }, Attribute = { attributes } });
        return this;
    }

    public SmallModel Constant(string name, int type, double[] values, params long[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = type, Dims = { shape } };
        switch (type)
        {
            case Float: tensor.FloatData.AddRange(values.Select(static v => (float)v)); break;
            case Double: tensor.DoubleData.AddRange(values); break;
            default: tensor.Int64Data.AddRange(values.Select(static v => (long)v)); break;
        }

        _graph.Initializer.Add(tensor);
        return this;
    }

    public static AttributeProto Ints(string name, params long[] values) =>
        new() { Name = name, Ints = { values }, Type = AttributeProto.Types.AttributeType.Ints };

    public static AttributeProto Int(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Strings(string name, params string[] values) =>
        new() { Name = name, Strings = { values.Select(ByteString.CopyFromUtf8) }, Type = AttributeProto.Types.AttributeType.Strings };

    public string Save()
    {
        var model = new ModelProto
        {
            IrVersion = 8,
            Graph = _graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 15 }, new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 2 } },
        };
        string path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    public OnnxModel Open() => Open(Save());

    public static OnnxModel Open(string path) =>
        new(path, new OnnxOptions { Device = OnnxDevice.Cpu, IntraOpThreads = 1, WarmUp = false });

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ValueInfoProto Value(string name, int type, long[] shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (long dimension in shape)
        {
            dimensions.Dim.Add(dimension < 0
                ? new TensorShapeProto.Types.Dimension { DimParam = "n" }
                : new TensorShapeProto.Types.Dimension { DimValue = dimension });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = type, Shape = dimensions } },
        };
    }
}
