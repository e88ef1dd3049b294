using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidecars.Protocol;

/// <summary>
/// Writes numbers separated by commas, without brackets, so that a nested array can be written row by row. NaN and the
/// infinities become <c>null</c>.
/// </summary>
internal static class NumericArrayWriter
{
    // A number and its comma; and the room to ask for at once, which suits a pipe's segments.
    private const int Stride = NumberWriter.MaxLength + 1;
    private const int Chunk = 8192;

    /// <summary>Writes floats with the digits a float needs: <c>0.1</c>.</summary>
    internal static void Write(ReadOnlySpan<float> values, IBufferWriter<byte> output)
    {
        int done = values.Length >= RepeatedSingles.WorthIt ? RepeatedSingles.Write(values, output) : 0;
        Write<float, AsSingle>(values[done..], output, first: done == 0);
    }

    /// <summary>Writes one float, or <c>null</c>; <see cref="NumberWriter.MaxLength"/> bytes of room.</summary>
    internal static int WriteOne(float value, ref byte destination) => AsSingle.Write(value, ref destination);

    /// <summary>Writes floats with the digits of the equal double, as Open Inference answers do:
    /// <c>0.10000000149011612</c>.</summary>
    internal static void WriteWidened(ReadOnlySpan<float> values, IBufferWriter<byte> output) =>
        Write<float, AsDouble>(values, output);

    /// <summary>Writes doubles.</summary>
    internal static void Write(ReadOnlySpan<double> values, IBufferWriter<byte> output) =>
        Write<double, AsDouble>(values, output);

    private static void Write<T, TFormat>(ReadOnlySpan<T> values, IBufferWriter<byte> output, bool first = true)
        where TFormat : IFormat<T>
    {
        for (int i = 0; i < values.Length;)
        {
            long needed = (long)(values.Length - i) * Stride;
            Span<byte> span = output.GetSpan((int)Math.Min(needed, Chunk));
            ref byte start = ref MemoryMarshal.GetReference(span);
            int written = 0;
            for (int limit = span.Length - Stride; i < values.Length && written <= limit; i++)
            {
                Unsafe.Add(ref start, written) = (byte)',';
                written += first ? 0 : 1;
                first = false;
                written += TFormat.Write(values[i], ref Unsafe.Add(ref start, written));
            }

            output.Advance(written);
        }
    }

    private static int WriteNull(ref byte destination)
    {
        "null"u8.CopyTo(MemoryMarshal.CreateSpan(ref destination, 4));
        return 4;
    }

    private interface IFormat<T>
    {
        static abstract int Write(T value, ref byte destination);
    }

    private readonly struct AsSingle : IFormat<float>
    {
        public static int Write(float value, ref byte destination) =>
            float.IsFinite(value) ? NumberWriter.WriteFinite(value, ref destination) : WriteNull(ref destination);
    }

    private readonly struct AsDouble : IFormat<double>, IFormat<float>
    {
        public static int Write(double value, ref byte destination) =>
            double.IsFinite(value) ? NumberWriter.WriteFinite(value, ref destination) : WriteNull(ref destination);

        public static int Write(float value, ref byte destination) => Write((double)value, ref destination);
    }
}
