using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace Sidecars.Onnx.Runtime;

/// <summary>One run on zeros: kernels are chosen and memory is reserved before the first caller comes.</summary>
internal static class WarmUp
{
    // A fixed shape can ask for more than a trial is worth.
    private const long MaxBytes = 1L << 30;

    /// <returns>How long it took.</returns>
    public static TimeSpan Run(string path, InferenceSession session)
    {
        long start = Stopwatch.GetTimestamp();
        TensorMetadata[] inputs = Graph.ReadInputs(path, session);
        if (inputs.Sum(Size) > MaxBytes)
        {
            return TimeSpan.Zero;
        }

        using BoundInputs bound = BoundInputs.Bind([.. inputs.Select(Zeros)], inputs);
        using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        session.Run(run, session.InputNames, bound.Values, session.OutputNames).Dispose();
        return Stopwatch.GetElapsedTime(start);
    }

    private static Tensor Zeros(TensorMetadata input) =>
        Tensor.FromRaw(input.Name, input.Datatype, new byte[Size(input)], [.. input.Shape.Select(One)]);

    private static int Size(TensorMetadata input) =>
        (int)input.Shape.Aggregate(ElementSize(input), static (size, d) => Math.Min(MaxBytes + 1, size * Math.Min(One(d), MaxBytes)));

    /// <summary>An empty BYTES element is its length alone: four zeros.</summary>
    private static long ElementSize(TensorMetadata input) =>
        input.Datatype == Datatype.BYTES ? 4 : ElementTypes.Size(input.Datatype);

    /// <summary>A dimension of any length is taken as 1.</summary>
    private static long One(long dimension) => dimension < 0 ? 1 : dimension;
}
