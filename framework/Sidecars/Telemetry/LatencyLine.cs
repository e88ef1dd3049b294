using System.Buffers;
using System.Text;

namespace Sidecars.Telemetry;

/// <summary>The line that says how long each stage of a request took, as KServe's own server words it.</summary>
internal static class LatencyLine
{
    private const int Decimals = 9;

    /// <summary>Writes the line without its end. Times are in milliseconds; null is a stage that was not used, which
    /// shows as <c>0</c>.</summary>
    public static void Write(
        IBufferWriter<byte> output,
        string? requestId,
        double? preprocess,
        double? explain,
        double? predict,
        double? postprocess)
    {
        output.Write("requestId: "u8);
        _ = Encoding.UTF8.GetBytes(string.IsNullOrEmpty(requestId) ? "N.A." : requestId, output);
        Append(output, ", preprocess_ms: "u8, preprocess);
        Append(output, ", explain_ms: "u8, explain);
        Append(output, ", predict_ms: "u8, predict);
        Append(output, ", postprocess_ms: "u8, postprocess);
    }

    private static void Append(IBufferWriter<byte> output, ReadOnlySpan<byte> label, double? milliseconds)
    {
        output.Write(label);
        if (milliseconds is { } value)
        {
            PythonFloat.Write(output, Math.Round(value, Decimals));
        }
        else
        {
            output.Write("0"u8);
        }
    }
}
