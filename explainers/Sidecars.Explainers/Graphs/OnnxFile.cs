using Google.Protobuf;
using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Graphs;

/// <summary>Opens ONNX files.</summary>
internal static class OnnxFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no ONNX file.</exception>
    public static ModelProto Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        try
        {
            ModelProto model = ModelProto.Parser.ParseFrom(file);
            return model.Graph is { Output.Count: > 0 }
                ? model
                : throw new InvalidDataException($"{path} is not an ONNX file: it has no graph with outputs.");
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"{path} is not an ONNX file: {e.Message}", e);
        }
    }
}
