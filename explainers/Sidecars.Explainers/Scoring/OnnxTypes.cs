namespace Sidecars.Explainers.Scoring;

/// <summary>ONNX's own numbers for element types (onnx.proto, TensorProto.DataType).</summary>
internal static class OnnxTypes
{
    public const int Float = 1;
    public const int Int32 = 6;
    public const int Int64 = 7;
    public const int Bool = 9;
    public const int Half = 10;
    public const int Double = 11;
}
