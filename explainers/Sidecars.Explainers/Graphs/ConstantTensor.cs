using System.Runtime.InteropServices;
using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Graphs;

/// <summary>Numbers that stand in an ONNX file.</summary>
/// <param name="Dims">The shape; empty for a single number.</param>
/// <param name="Values">The numbers, row-major.</param>
internal sealed record ConstantTensor(int[] Dims, double[] Values)
{
    private const int Float = 1;
    private const int Int32 = 6;
    private const int Int64 = 7;
    private const int Double = 11;

    /// <summary>Reads float32, float64, int32 and int64; null for other types, numbers kept in other files, and shapes
    /// that their numbers do not fill.</summary>
    public static ConstantTensor? Read(TensorProto tensor)
    {
        if (tensor.ExternalData.Count > 0 || tensor.Dims.Any(static d => d is < 0 or > int.MaxValue))
        {
            return null;
        }

        ReadOnlySpan<byte> raw = tensor.RawData.Span;
        double[]? values = tensor.DataType switch
        {
            Float => raw.IsEmpty ? [.. tensor.FloatData.Select(static v => (double)v)] : Widen<float>(raw, static v => v),
            Double => raw.IsEmpty ? [.. tensor.DoubleData] : Widen<double>(raw, static v => v),
            Int32 => raw.IsEmpty ? [.. tensor.Int32Data.Select(static v => (double)v)] : Widen<int>(raw, static v => v),
            Int64 => raw.IsEmpty ? [.. tensor.Int64Data.Select(static v => (double)v)] : Widen<long>(raw, static v => v),
            _ => null,
        };
        int[] dims = [.. tensor.Dims.Select(static d => (int)d)];
        return values is not null && dims.Aggregate(1L, static (product, d) => product * d) == values.Length
            ? new ConstantTensor(dims, values)
            : null;
    }

    // ONNX keeps raw numbers little-endian, as every machine that .NET runs on does.
    private static double[]? Widen<T>(ReadOnlySpan<byte> raw, Func<T, double> widen)
        where T : unmanaged => raw.Length % Marshal.SizeOf<T>() == 0
            ? Array.ConvertAll(MemoryMarshal.Cast<byte, T>(raw).ToArray(), v => widen(v))
            : null;
}
