using Google.Protobuf;
using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Tests.Graphs;

/// <summary>Writes small ONNX models for tests.</summary>
internal sealed class GraphBuilder
{
    private const string MlDomain = "ai.onnx.ml";

    private static readonly HashSet<string> MlOperators =
        ["Scaler", "OneHotEncoder", "LinearClassifier", "LinearRegressor", "Normalizer", "ArrayFeatureExtractor", "ZipMap",
         "TreeEnsembleClassifier", "TreeEnsembleRegressor", "FeatureVectorizer"];

    private readonly ModelProto _model = new() { IrVersion = 8, Graph = new GraphProto { Name = "test" } };

    public GraphBuilder(int features, int opset = 15, int mlOpset = 3)
    {
        _model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
        _model.OpsetImport.Add(new OperatorSetIdProto { Domain = MlDomain, Version = mlOpset });
        _model.Graph.Input.Add(Value("x", 1, -1, features));
    }

    public GraphProto Graph => _model.Graph;

    public GraphBuilder Node(string op, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = $"{op}_{outputs[0]}", Domain = MlOperators.Contains(op) ? MlDomain : "" };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        foreach ((string name, object value) in attributes)
        {
            node.Attribute.Add(Attribute(name, value));
        }

        _model.Graph.Node.Add(node);
        return this;
    }

    public GraphBuilder Constant(string name, float[] values, params int[] dims)
    {
        var tensor = new TensorProto { Name = name, DataType = 1 };
        tensor.FloatData.AddRange(values);
        tensor.Dims.AddRange(dims.Select(static d => (long)d));
        _model.Graph.Initializer.Add(tensor);
        return this;
    }

    public GraphBuilder Constant(string name, long[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = 7 };
        tensor.Int64Data.AddRange(values);
        tensor.Dims.Add(values.Length);
        _model.Graph.Initializer.Add(tensor);
        return this;
    }

    public GraphBuilder Output(string name, int columns)
    {
        _model.Graph.Output.Add(Value(name, 1, -1, columns));
        return this;
    }

    public GraphBuilder Label(string name)
    {
        _model.Graph.Output.Add(Value(name, 7, -1));
        return this;
    }

    /// <summary>Writes the model to a file that the test's folder keeps.</summary>
    public string Save()
    {
        string path = Path.Combine(Path.GetTempPath(), $"sidecars-{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(path, _model.ToByteArray());
        return path;
    }

    private static ValueInfoProto Value(string name, int type, params int[] dims)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dims.Select(static d =>
            d < 0 ? new TensorShapeProto.Types.Dimension { DimParam = "N" } : new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = type, Shape = shape } } };
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case float f:
                (attribute.F, attribute.Type) = (f, AttributeProto.Types.AttributeType.Float);
                break;
            case int i:
                (attribute.I, attribute.Type) = (i, AttributeProto.Types.AttributeType.Int);
                break;
            case string s:
                (attribute.S, attribute.Type) = (ByteString.CopyFromUtf8(s), AttributeProto.Types.AttributeType.String);
                break;
            case float[] floats:
                attribute.Floats.AddRange(floats);
                attribute.Type = AttributeProto.Types.AttributeType.Floats;
                break;
            case long[] ints:
                attribute.Ints.AddRange(ints);
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                break;
            case string[] strings:
                attribute.Strings.AddRange(strings.Select(ByteString.CopyFromUtf8));
                attribute.Type = AttributeProto.Types.AttributeType.Strings;
                break;
            default:
                throw new ArgumentException(value.GetType().Name, nameof(value));
        }

        return attribute;
    }
}
