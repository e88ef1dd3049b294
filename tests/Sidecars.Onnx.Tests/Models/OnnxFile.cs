namespace Sidecars.Onnx.Tests.Models;

/// <summary>
/// Small ONNX files, written field by field after onnx.proto, and removed when disposed. Dimensions below zero are
/// symbolic.
/// </summary>
internal sealed class OnnxFile : IDisposable
{
    private readonly ProtoText _graph = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("sidecars-onnx-").FullName;

    public string Folder => _folder;

    /// <summary>One node that passes its input on.</summary>
    public static OnnxFile Identity(OnnxType type, params long[] shape) => new OnnxFile()
        .Node("Identity", ["x"], ["y"])
        .Input("x", type, shape)
        .Output("y", type, shape);

    /// <summary>y = a + b, both FP32 [-1].</summary>
    public static OnnxFile Sum() => new OnnxFile()
        .Node("Add", ["a", "b"], ["y"])
        .Input("a", OnnxType.Float, -1)
        .Input("b", OnnxType.Float, -1)
        .Output("y", OnnxType.Float, -1);

    /// <summary>Scores to maps from class to score, as scikit-learn's converter ends a classifier.</summary>
    public static OnnxFile ZipMap(params string[] classes)
    {
        ProtoText labels = new ProtoText().Text(1, "classlabels_strings").Int(20, 8);
        foreach (string name in classes)
        {
            labels.Text(9, name);
        }

        return new OnnxFile()
            .Node("ZipMap", ["x"], ["y"], "ai.onnx.ml", labels)
            .Input("x", OnnxType.Float, -1, classes.Length)
            .Output("y", Sequence(Map(OnnxType.String, Tensor(OnnxType.Float))));
    }

    /// <summary>The same with whole numbers for classes.</summary>
    public static OnnxFile ZipMap(params long[] classes)
    {
        ProtoText labels = new ProtoText().Text(1, "classlabels_int64s").Int(20, 7);
        foreach (long name in classes)
        {
            labels.Int(8, name);
        }

        return new OnnxFile()
            .Node("ZipMap", ["x"], ["y"], "ai.onnx.ml", labels)
            .Input("x", OnnxType.Float, -1, classes.Length)
            .Output("y", Sequence(Map(OnnxType.Int64, Tensor(OnnxType.Float))));
    }

    /// <summary>An output that is a list of tensors.</summary>
    public static OnnxFile TensorSequence() => new OnnxFile()
        .Node("SequenceConstruct", ["x"], ["y"])
        .Input("x", OnnxType.Float, -1)
        .Output("y", Sequence(Tensor(OnnxType.Float)));

    /// <summary>Counts to n by ones: for a large n, a run that goes on until it is given up.</summary>
    public static OnnxFile Counting()
    {
        ProtoText body = new ProtoText()
            .Message(1, NodeOf("Identity", ["going"], ["go"]))
            .Message(1, NodeOf("Add", ["sum", "one"], ["next"]))
            .Text(2, "body")
            .Message(11, Value("i", Tensor(OnnxType.Int64)))
            .Message(11, Value("going", Tensor(OnnxType.Bool)))
            .Message(11, Value("sum", Tensor(OnnxType.Int64)))
            .Message(12, Value("go", Tensor(OnnxType.Bool)))
            .Message(12, Value("next", Tensor(OnnxType.Int64)));
        return new OnnxFile()
            .Scalar("one", 1)
            .Scalar("zero", 0)
            .Node("Loop", ["n", "", "zero"], ["y"], attributes: new ProtoText().Text(1, "body").Message(6, body).Int(20, 5))
            .Input("n", OnnxType.Int64, 1)
            .Output("y", OnnxType.Int64);
    }

    /// <summary>Shapes the input as another input says: fails when they do not go together.</summary>
    public static OnnxFile Reshape() => new OnnxFile()
        .Node("Reshape", ["x", "shape"], ["y"])
        .Input("x", OnnxType.Float, -1)
        .Input("shape", OnnxType.Int64, -1)
        .Output("y", Tensor(OnnxType.Float));

    public OnnxFile Node(string type, string[] inputs, string[] outputs, string domain = "", params ProtoText[] attributes)
    {
        _graph.Message(1, NodeOf(type, inputs, outputs, domain, attributes));
        return this;
    }

    public OnnxFile Input(string name, OnnxType type, params long[] shape)
    {
        _graph.Message(11, Value(name, Tensor(type, shape)));
        return this;
    }

    public OnnxFile Output(string name, OnnxType type, params long[] shape) => Output(name, Tensor(type, shape));

    public OnnxFile Output(string name, ProtoText type)
    {
        _graph.Message(12, Value(name, type));
        return this;
    }

    /// <summary>Writes the file, as <c>model.onnx</c> of its folder or of a folder in it.</summary>
    public string Save(string under = "")
    {
        ProtoText model = new ProtoText()
            .Int(1, 8)
            .Message(7, new ProtoText().Text(2, "test").Append(_graph))
            .Message(8, new ProtoText().Text(1, "").Int(2, 15))
            .Message(8, new ProtoText().Text(1, "ai.onnx.ml").Int(2, 2));
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, under)).FullName, "model.onnx");
        File.WriteAllBytes(path, model.ToArray());
        return path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ProtoText Tensor(OnnxType type, params long[] shape)
    {
        ProtoText dimensions = new();
        foreach (long dimension in shape)
        {
            dimensions.Message(1, dimension < 0 ? new ProtoText().Text(2, "n") : new ProtoText().Int(1, dimension));
        }

        return new ProtoText().Message(1, new ProtoText().Int(1, (long)type).Message(2, dimensions));
    }

    private static ProtoText Sequence(ProtoText element) => new ProtoText().Message(4, new ProtoText().Message(1, element));

    private static ProtoText Map(OnnxType key, ProtoText value) =>
        new ProtoText().Message(5, new ProtoText().Int(1, (long)key).Message(2, value));

    private static ProtoText Value(string name, ProtoText type) => new ProtoText().Text(1, name).Message(2, type);

    private static ProtoText NodeOf(
        string type, string[] inputs, string[] outputs, string domain = "", params ProtoText[] attributes)
    {
        ProtoText node = new();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        foreach (string output in outputs)
        {
            node.Text(2, output);
        }

        node.Text(4, type).Text(7, domain);
        foreach (ProtoText attribute in attributes)
        {
            node.Message(5, attribute);
        }

        return node;
    }

    private OnnxFile Scalar(string name, long value)
    {
        _graph.Message(5, new ProtoText().Int(2, (long)OnnxType.Int64).Int(7, value).Text(8, name));
        return this;
    }
}
