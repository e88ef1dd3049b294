using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sidecars.Protocol;

/// <summary>
/// Eight decimal digits in one 64-bit word, a byte each, the first digit in the lowest byte, so that a word read from
/// or written to text needs no shuffling.
/// </summary>
internal static class DigitBlock
{
    /// <summary>ASCII zero in all eight bytes: turns digit values into text and back.</summary>
    internal const ulong Zeros = 0x3030_3030_3030_3030;

    private const ulong HighBits = 0x8080_8080_8080_8080;

    /// <summary>The digits of a number below 10^8, leading zeros included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Split(uint number)
    {
        // Each step splits every lane into quotient (low half) and remainder (high half) at once; the factors are
        // reciprocals scaled by a power of two, exact over the range a lane can hold.
        ulong fours = number / 10000 | (ulong)(number % 10000) << 32;
        ulong hundreds = ((fours * 5243) >> 19) & 0x0000_007F_0000_007F;
        ulong twos = hundreds | (fours - hundreds * 100) << 16;
        ulong tens = ((twos * 103) >> 10) & 0x000F_000F_000F_000F;
        return tens | (twos - tens * 10) << 8;
    }

    /// <summary>The number that eight digit values (not characters) spell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Join(ulong digits)
    {
        // Pairs meet in bytes 0, 2, 4 and 6; the two products then add all four pairs, weighted, in their upper half.
        ulong pairs = digits * 10 + (digits >> 8);
        const ulong Outer = 100 + (1_000_000UL << 32);
        const ulong Inner = 1 + (10_000UL << 32);
        const ulong Lanes = 0x0000_00FF_0000_00FF;
        return (uint)((((pairs & Lanes) * Outer) + (((pairs >> 16) & Lanes) * Inner)) >> 32);
    }

    /// <summary>How many of eight values, from the first on, are digits: 0 to 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int CountDigits(ulong values)
    {
        // Adding 0x76 sets the high bit of 10 and above. A carry can only spoil bytes after a non-digit.
        ulong others = ((values + 0x7676_7676_7676_7676) | values) & HighBits;
        return BitOperations.TrailingZeroCount(others) >> 3;
    }

    /// <summary>Keeps the first <paramref name="count"/> (0 to 8) digits, moved to the end, with zeros before them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong AlignRight(ulong digits, int count)
    {
        // Two half shifts, because a shift by 64 would be a shift by nothing.
        int half = 32 - (4 * count);
        return (digits << half) << half;
    }

    /// <summary>Eight characters as digit values; bytes that are no digits come out above 9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Load(ref byte text, int offset)
    {
        ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, offset));
        return (BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word)) ^ Zeros;
    }

    /// <summary>Writes eight characters, the lowest byte first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(ref byte text, int offset, ulong characters)
    {
        ulong word = BitConverter.IsLittleEndian ? characters : BinaryPrimitives.ReverseEndianness(characters);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref text, offset), word);
    }
}
