using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidecars.Protocol;

/// <summary>
/// Writes a float or double as JSON text: the shortest digits that read back as the same number, always marked as
/// fractional (<c>1.0</c>, <c>-0.0</c>), plain from 1e-5 up to below 1e16 and with an exponent outside
/// (<c>1e-7</c>, <c>1.234e33</c>), which is how Python's orjson prints them.
/// </summary>
internal static class NumberWriter
{
    /// <summary>
    /// The room a number needs. None is longer than 24 bytes, but the bytes up to this may be written to, because
    /// digits are stored eight at a time.
    /// </summary>
    internal const int MaxLength = 32;

    private const int PlainFrom = -5;
    private const int PlainBelow = 16;
    private const ulong Hundred8 = 100_000_000;
    private const int DoubleBits = 52;
    private const int SingleBits = 23;

    private static ReadOnlySpan<ulong> Powers =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000,
    ];

    /// <summary>Writes a finite number and returns the length of its text.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite: JSON has no text for it.</exception>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="MaxLength"/>.</exception>
    internal static int Write(double value, Span<byte> destination)
    {
        Require(double.IsFinite(value), destination.Length);
        return WriteFinite(value, ref MemoryMarshal.GetReference(destination));
    }

    /// <inheritdoc cref="Write(double, Span{byte})"/>
    internal static int Write(float value, Span<byte> destination)
    {
        Require(float.IsFinite(value), destination.Length);
        return WriteFinite(value, ref MemoryMarshal.GetReference(destination));
    }

    /// <summary>As <see cref="Write(double, Span{byte})"/>, unchecked: finite, and <see cref="MaxLength"/> bytes of room.</summary>
    internal static int WriteFinite(double value, ref byte destination)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        int sign = WriteSign((uint)(bits >> 63), ref destination);
        ref byte start = ref Unsafe.Add(ref destination, sign);
        ulong fraction = bits & ((1UL << DoubleBits) - 1);
        int biased = (int)(bits >> DoubleBits) & 0x7FF;
        if (biased == 0)
        {
            return sign + WriteSubnormal(fraction, ref start);
        }

        ulong c = fraction | 1UL << DoubleBits;
        int q = biased - (1023 + DoubleBits);
        if (q is <= 0 and >= -DoubleBits && BitOperations.TrailingZeroCount(c) >= -q)
        {
            return sign + WriteIntegral(c >> -q, ref start);
        }

        // The power of two apart, so that the common case has its constants folded in.
        ulong digits = fraction != 0 || biased == 1
            ? ShortestDecimal.Compute(c, q, irregular: false, out int k)
            : ShortestDecimal.Compute(c, q, irregular: true, out k);

        // Sixteen digits or seventeen.
        bool short16 = digits < Hundred8 * Hundred8;
        digits = short16 ? digits * 10 : digits;
        return sign + WriteDigits(digits, k + 16 - (short16 ? 1 : 0), ref start);
    }

    /// <summary>As <see cref="Write(float, Span{byte})"/>, unchecked: finite, and <see cref="MaxLength"/> bytes of room.</summary>
    internal static int WriteFinite(float value, ref byte destination)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        int sign = WriteSign(bits >> 31, ref destination);
        ref byte start = ref Unsafe.Add(ref destination, sign);
        uint fraction = bits & ((1u << SingleBits) - 1);
        int biased = (int)(bits >> SingleBits) & 0xFF;
        if (biased == 0)
        {
            return sign + WriteSubnormal(fraction, ref start);
        }

        uint c = fraction | 1u << SingleBits;
        int q = biased - (127 + SingleBits);
        if (q is <= 0 and >= -SingleBits && BitOperations.TrailingZeroCount(c) >= -q)
        {
            return sign + WriteIntegral(c >> -q, ref start);
        }

        uint digits = fraction != 0 || biased == 1
            ? ShortestDecimal.Compute(c, q, irregular: false, out int k)
            : ShortestDecimal.Compute(c, q, irregular: true, out k);

        // Seven digits to nine.
        bool short8 = digits < Hundred8;
        digits = short8 ? digits * 10 : digits;
        bool short7 = digits < Hundred8;
        digits = short7 ? digits * 10 : digits;
        uint head = digits / (uint)Hundred8;
        ulong rest = DigitBlock.Split(digits - head * (uint)Hundred8);
        return sign + WriteDigits(head, rest, 0, k + 8 - (short8 ? 1 : 0) - (short7 ? 1 : 0), ref start);
    }

    private static int WriteSubnormal(ulong fraction, ref byte start)
    {
        if (fraction == 0)
        {
            return WriteIntegral(0, ref start);
        }

        ulong digits = ShortestDecimal.Compute(fraction, 1 - (1023 + DoubleBits), irregular: false, out int k);
        return WriteAnyDigits(digits, k, ref start);
    }

    private static int WriteSubnormal(uint fraction, ref byte start)
    {
        if (fraction == 0)
        {
            return WriteIntegral(0, ref start);
        }

        uint digits = ShortestDecimal.Compute(fraction, 1 - (127 + SingleBits), irregular: false, out int k);
        return WriteAnyDigits(digits, k, ref start);
    }

    private static int WriteAnyDigits(ulong digits, int k, ref byte start)
    {
        int length = CountDigits(digits);
        return WriteDigits(digits * Powers[17 - length], k + length - 1, ref start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteSign(uint negative, ref byte destination)
    {
        // Written always and overwritten when it does not count: signs of real data cannot be predicted.
        destination = (byte)'-';
        return (int)negative;
    }

    private static int WriteIntegral(ulong value, ref byte start)
    {
        int length;
        if (value >= Hundred8)
        {
            uint high = (uint)(value / Hundred8);
            length = WriteTrimmed(high, ref start);
            DigitBlock.Store(ref start, length, DigitBlock.Split((uint)(value - high * Hundred8)) | DigitBlock.Zeros);
            length += 8;
        }
        else
        {
            length = WriteTrimmed((uint)value, ref start);
        }

        Unsafe.Add(ref start, length) = (byte)'.';
        Unsafe.Add(ref start, length + 1) = (byte)'0';
        return length + 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteTrimmed(uint value, ref byte start)
    {
        ulong digits = DigitBlock.Split(value);
        int leading = BitOperations.TrailingZeroCount(digits | 1UL << 56) >> 3;
        DigitBlock.Store(ref start, 0, (digits | DigitBlock.Zeros) >> (8 * leading));
        return 8 - leading;
    }

    /// <summary>Lays out an integer of seventeen digits, the first of them worth 10^<paramref name="exponent"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteDigits(ulong digits, int exponent, ref byte start)
    {
        ulong high = digits / Hundred8;
        uint low = (uint)(digits - high * Hundred8);
        uint head = (uint)(high / Hundred8);
        uint middle = (uint)(high - head * Hundred8);
        return WriteDigits(head, DigitBlock.Split(middle), DigitBlock.Split(low), exponent, ref start);
    }

    /// <summary>Lays out seventeen digits, one and twice eight, the first of them worth 10^<paramref name="exponent"/>.</summary>
    private static int WriteDigits(uint head, ulong middle, ulong last, int exponent, ref byte start)
    {
        int significant = last != 0 ? 17 - (BitOperations.LeadingZeroCount(last) >> 3)
            : middle != 0 ? 9 - (BitOperations.LeadingZeroCount(middle) >> 3)
            : 1;

        // The characters: eight, eight and one.
        ulong a = head | middle << 8 | DigitBlock.Zeros;
        ulong b = middle >> 56 | last << 8 | DigitBlock.Zeros;
        byte c = (byte)(last >> 56 | '0');

        if (exponent is < 0 and >= PlainFrom)
        {
            // 0.00ddd
            DigitBlock.Store(ref start, 0, DigitBlock.Zeros ^ (ulong)('0' ^ '.') << 8);
            ref byte digits = ref Unsafe.Add(ref start, 1 - exponent);
            DigitBlock.Store(ref digits, 0, a);
            DigitBlock.Store(ref digits, 8, b);
            Unsafe.Add(ref digits, 16) = c;
            return 1 - exponent + significant;
        }

        DigitBlock.Store(ref start, 1, a);
        DigitBlock.Store(ref start, 9, b);
        Unsafe.Add(ref start, 17) = c;
        if ((uint)exponent < PlainBelow)
        {
            // dd.ddd: all digits stand one place to the right; those before the point go back to the left.
            ulong before = ulong.MaxValue >> (56 - 8 * (exponent & 7));
            if (exponent < 8)
            {
                DigitBlock.Store(ref start, 0, (a & before) | ((a << 8) & ~before));
            }
            else
            {
                DigitBlock.Store(ref start, 0, a);
                DigitBlock.Store(ref start, 8, (b & before) | ((b << 8) & ~before));
            }

            Unsafe.Add(ref start, exponent + 1) = (byte)'.';
            return Math.Max(exponent + 2, significant) + 1;
        }

        // d.ddde9
        start = (byte)a;
        Unsafe.Add(ref start, 1) = (byte)'.';
        int length = significant == 1 ? 1 : significant + 1;
        return length + WriteExponent(exponent, ref Unsafe.Add(ref start, length));
    }

    private static int WriteExponent(int exponent, ref byte start)
    {
        int length = 0;
        Unsafe.Add(ref start, length++) = (byte)'e';
        if (exponent < 0)
        {
            Unsafe.Add(ref start, length++) = (byte)'-';
        }

        return length + WriteTrimmed((uint)Math.Abs(exponent), ref Unsafe.Add(ref start, length));
    }

    /// <summary>The number of decimal digits of a number from 1 to below 10^17.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountDigits(ulong value)
    {
        // 1233/4096 is log10 2: right or one too few.
        int low = ((BitOperations.Log2(value) + 1) * 1233) >> 12;
        return low + (value >= Powers[low] ? 1 : 0);
    }

    private static void Require(bool finite, int room)
    {
        if (!finite)
        {
            throw new ArgumentOutOfRangeException("value", "JSON has no text for NaN and the infinities.");
        }

        if (room < MaxLength)
        {
            throw new ArgumentException($"A number needs {MaxLength} bytes of room; there are {room}.", "destination");
        }
    }
}
