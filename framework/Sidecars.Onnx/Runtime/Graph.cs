using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Sidecars.Onnx.Runtime;

/// <summary>What a graph says of its inputs and outputs. What no tensor can stand for stops the start.</summary>
internal static class Graph
{
    public static TensorMetadata[] ReadInputs(string path, InferenceSession session) =>
        [.. session.InputNames.Select(name => ReadTensor(path, "input", name, session.InputMetadata[name]))];

    public static (TensorMetadata[] Outputs, OutputKind[] Kinds) ReadOutputs(string path, InferenceSession session)
    {
        var outputs = new TensorMetadata[session.OutputNames.Count];
        var kinds = new OutputKind[outputs.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            string name = session.OutputNames[i];
            NodeMetadata node = session.OutputMetadata[name];
            if (IsScoreMaps(node))
            {
                // The graph does not say how many classes there are.
                kinds[i] = OutputKind.ScoreMaps;
                outputs[i] = new TensorMetadata(name, Datatype.FP32, -1, -1);
            }
            else
            {
                outputs[i] = ReadTensor(path, "output", name, node);
            }
        }

        return (outputs, kinds);
    }

    private static TensorMetadata ReadTensor(string path, string role, string name, NodeMetadata node)
    {
        if (node.OnnxValueType != OnnxValueType.ONNX_TYPE_TENSOR)
        {
            string also = role == "output" ? " or a sequence of maps from int64 or string to float" : "";
            throw new SidecarConfigurationException(
                $"{path}: {role} '{name}' is {Describe(node)}, expected a tensor{also}. Export the model without it.");
        }

        Datatype datatype = ElementTypes.ToDatatype(node.ElementDataType) ?? throw new SidecarConfigurationException(
            $"{path}: {role} '{name}' has elements of type {node.ElementDataType}, which no datatype of the Open Inference Protocol holds.");
        return new TensorMetadata(name, datatype, [.. node.Dimensions.Select(static d => d < 0 ? -1L : d)]);
    }

    private static bool IsScoreMaps(NodeMetadata node)
    {
        if (node.OnnxValueType != OnnxValueType.ONNX_TYPE_SEQUENCE
            || node.AsSequenceMetadata().ElementMeta is not { OnnxValueType: OnnxValueType.ONNX_TYPE_MAP } element)
        {
            return false;
        }

        MapMetadata map = element.AsMapMetadata();
        return map.KeyDataType is TensorElementType.Int64 or TensorElementType.String
            && map.ValueMetadata is { OnnxValueType: OnnxValueType.ONNX_TYPE_TENSOR, ElementDataType: TensorElementType.Float };
    }

    private static string Describe(NodeMetadata node) => node.OnnxValueType switch
    {
        OnnxValueType.ONNX_TYPE_TENSOR => $"a tensor of {node.ElementDataType}",
        OnnxValueType.ONNX_TYPE_SEQUENCE => "a sequence of " + Inner(node.AsSequenceMetadata().ElementMeta),
        OnnxValueType.ONNX_TYPE_MAP => Map(node.AsMapMetadata()),
        OnnxValueType.ONNX_TYPE_OPTIONAL => "an optional value",
        OnnxValueType.ONNX_TYPE_SPARSETENSOR => "a sparse tensor",
        _ => "of an unknown kind",
    };

    private static string Inner(NodeMetadata node) => node.OnnxValueType switch
    {
        OnnxValueType.ONNX_TYPE_TENSOR => $"{node.ElementDataType} tensors",
        OnnxValueType.ONNX_TYPE_MAP => "maps, each " + Map(node.AsMapMetadata()),
        _ => "values",
    };

    private static string Map(MapMetadata map) => $"a map from {map.KeyDataType} to {map.ValueMetadata.ElementDataType}";
}
