using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidecars.Protocol;

/// <summary>
/// Writes long arrays of floats that repeat themselves: a picture has 256 values a channel, however many pixels. Texts
/// already made are kept in a small table and copied from there; an array that turns out not to repeat itself is
/// written without it from then on.
/// </summary>
internal static class RepeatedSingles
{
    /// <summary>Shorter arrays are not worth a table.</summary>
    internal const int WorthIt = 8192;

    private const int Slots = 2048;
    private const int Probation = 4096;
    private const int TextSize = 16;
    private const int Stride = NumberWriter.MaxLength + 1;
    private const int Chunk = 8192;

    /// <summary>Writes values with commas between them until the end, or until the table is seen not to help.</summary>
    /// <returns>How many values were written.</returns>
    [SkipLocalsInit]
    internal static int Write(ReadOnlySpan<float> values, IBufferWriter<byte> output)
    {
        // A slot is a value's bits, the length of its text, and the text. NaN's bits stand for an empty slot.
        Span<uint> keys = stackalloc uint[Slots];
        Span<byte> lengths = stackalloc byte[Slots];
        Span<byte> texts = stackalloc byte[Slots * TextSize];
        keys.Fill(uint.MaxValue);
        ref byte text = ref MemoryMarshal.GetReference(texts);
        int misses = 0, i = 0;
        while (i < values.Length)
        {
            if (i >= Probation && misses > i / 2)
            {
                return i;
            }

            Span<byte> span = output.GetSpan((int)Math.Min((long)(values.Length - i) * Stride, Chunk));
            ref byte start = ref MemoryMarshal.GetReference(span);
            int written = 0;
            for (int limit = span.Length - Stride; i < values.Length && written <= limit; i++)
            {
                float value = values[i];
                Unsafe.Add(ref start, written) = (byte)',';
                written += i == 0 ? 0 : 1;
                uint bits = BitConverter.SingleToUInt32Bits(value);

                // Fibonacci hashing: the upper bits of the product depend on all bits of the value.
                int slot = (int)((bits * 2654435769u) >> 21);
                ref byte kept = ref Unsafe.Add(ref text, slot * TextSize);
                if (keys[slot] == bits)
                {
                    Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref start, written), ref kept, TextSize);
                    written += lengths[slot];
                    continue;
                }

                misses++;
                int length = NumericArrayWriter.WriteOne(value, ref Unsafe.Add(ref start, written));
                if (length <= TextSize && float.IsFinite(value))
                {
                    Unsafe.CopyBlockUnaligned(ref kept, ref Unsafe.Add(ref start, written), TextSize);
                    keys[slot] = bits;
                    lengths[slot] = (byte)length;
                }

                written += length;
            }

            output.Advance(written);
        }

        return i;
    }
}
