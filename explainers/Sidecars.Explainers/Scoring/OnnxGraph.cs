using Google.Protobuf;
using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Scoring;

/// <summary>A model's file, read for what a session does not tell: which operator makes an output.</summary>
internal sealed class OnnxGraph
{
    private const string MlDomain = "ai.onnx.ml";

    private readonly Dictionary<string, NodeProto> _producers = new(StringComparer.Ordinal);

    private OnnxGraph(ModelProto model)
    {
        Model = model;
        foreach (NodeProto node in model.Graph.Node)
        {
            foreach (string output in node.Output)
            {
                _producers.TryAdd(output, node);
            }
        }
    }

    public ModelProto Model { get; }

    /// <returns>The graph; null when the file is of another format.</returns>
    public static OnnxGraph? TryRead(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            ModelProto model = ModelProto.Parser.ParseFrom(file);
            return model.Graph is null ? null : new OnnxGraph(model);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What the scores of an output are, where its operator says so; null where it does not.</summary>
    public ScoreKind? KindOf(string output)
    {
        for (NodeProto? node = ProducerOf(output); node is not null; node = ProducerOf(node.Input[0]))
        {
            switch (node.OpType)
            {
                case "Softmax" or "Sigmoid":
                    return ScoreKind.Probability;
                case "TreeEnsembleClassifier" or "LinearClassifier" or "SVMClassifier":
                    return node.Output.Count > 0 && node.Output[0] == output ? ScoreKind.Label
                        : Text(node, "post_transform") is "LOGISTIC" or "SOFTMAX" or "SOFTMAX_ZERO" or "PROBIT" ? ScoreKind.Probability
                        : null;
                case "TreeEnsembleRegressor" or "LinearRegressor" or "SVMRegressor":
                    return Text(node, "post_transform") is null or "NONE" or "" ? ScoreKind.Value : null;
                case "Normalizer" when Text(node, "norm") == "L1":
                case "Identity" or "Cast" or "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten" or "ZipMap":
                    output = node.Input[0];
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>The names of the classes, in the order of the scores, where the operator that makes an output has them.</summary>
    public IReadOnlyList<string>? ClassesOf(string output)
    {
        for (NodeProto? node = ProducerOf(output); node is not null; node = node.Input.Count > 0 ? ProducerOf(node.Input[0]) : null)
        {
            foreach (AttributeProto attribute in node.Attribute)
            {
                if (attribute.Name is "classlabels_strings" && attribute.Strings.Count > 0)
                {
                    return [.. attribute.Strings.Select(static s => s.ToStringUtf8())];
                }

                if (attribute.Name is "classlabels_int64s" or "classlabels_ints" && attribute.Ints.Count > 0)
                {
                    return [.. attribute.Ints.Select(static i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];
                }
            }

            if (node.OpType is not ("Normalizer" or "Identity" or "Cast" or "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten"))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>The tensor of scores that a ZipMap makes maps of; null when the output is no such thing.</summary>
    public string? BeforeZipMap(string output) =>
        ProducerOf(output) is { OpType: "ZipMap", Domain: MlDomain } zip && IsAscending(zip) ? zip.Input[0] : null;

    /// <summary>The same model with one more output, a tensor of floats that was inside.</summary>
    public byte[] WithOutput(string tensor)
    {
        ModelProto changed = Model.Clone();
        changed.Graph.Output.Clear();
        changed.Graph.Output.Add(new ValueInfoProto
        {
            Name = tensor,
            Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = OnnxTypes.Float } },
        });
        return changed.ToByteArray();
    }

    private NodeProto? ProducerOf(string tensor) => _producers.GetValueOrDefault(tensor);

    /// <summary>A map's keys come out in ascending order: only then are the columns before it in the same one.</summary>
    private static bool IsAscending(NodeProto zip)
    {
        foreach (AttributeProto attribute in zip.Attribute)
        {
            if (attribute.Name == "classlabels_int64s" && !attribute.Ints.SequenceEqual(attribute.Ints.Order()))
            {
                return false;
            }

            if (attribute.Name == "classlabels_strings")
            {
                string[] names = [.. attribute.Strings.Select(static s => s.ToStringUtf8())];
                return names.SequenceEqual(names.Order(StringComparer.Ordinal));
            }
        }

        return true;
    }

    private static string? Text(NodeProto node, string attribute) =>
        node.Attribute.FirstOrDefault(a => a.Name == attribute)?.S.ToStringUtf8();
}
