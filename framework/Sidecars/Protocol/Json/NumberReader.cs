using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidecars.Protocol;

/// <summary>
/// Reads one JSON number, strictly by the grammar and correctly rounded. On success the position moves past the number;
/// on any other result it stays. What follows the number is the caller's to judge.
/// </summary>
internal static partial class NumberReader
{
    // Nineteen digits always fit 64 bits.
    private const int SafeDigits = 19;

    // Clinger's bounds: integers and powers of ten that a double holds exactly.
    private const ulong ExactInteger = 1UL << 53;
    private const int ExactPower = 22;

    private const double SmallestNormalSingle = 1.1754943508222875e-38;

    private static ReadOnlySpan<ulong> IntegerPowers =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000,
    ];

    private static ReadOnlySpan<double> ExactPowers =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ];

    /// <summary>Reads a float; a number that rounds to infinity is out of range, one too small becomes zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static NumberResult ReadSingle(ReadOnlySpan<byte> json, ref int position, out float value)
    {
        int start = position;
        NumberResult result = ReadDouble(json, ref position, out double wide);
        if (result != NumberResult.Ok)
        {
            value = 0;
            return result;
        }

        // Rounding twice goes wrong only if the first rounding lands on the middle between two floats. (The test for
        // the middle holds for normal floats; below them the exact way is taken without asking.)
        const ulong Tail = (1UL << 29) - 1;
        const ulong Middle = 1UL << 28;
        double magnitude = Math.Abs(wide);
        value = (float)wide;
        if ((BitConverter.DoubleToUInt64Bits(wide) & Tail) == Middle || (magnitude < SmallestNormalSingle && magnitude != 0))
        {
            value = float.CopySign(RoundOnce(json, start), value);
        }

        if (float.IsInfinity(value))
        {
            position = start;
            value = 0;
            return NumberResult.OutOfRange;
        }

        return NumberResult.Ok;
    }

    /// <summary>Reads a double; a number that rounds to infinity is out of range, one too small becomes zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static NumberResult ReadDouble(ReadOnlySpan<byte> json, ref int position, out double value)
    {
        value = 0;
        int i = position;
        int length = json.Length;
        ref byte text = ref MemoryMarshal.GetReference(json);
        if ((uint)i >= (uint)length)
        {
            return NumberResult.NotANumber;
        }

        // A branch, although signs may be unpredictable: predicted, the position need not wait for the character, and
        // waiting costs all numbers what a misprediction costs some.
        ulong negative = 0;
        if (text.At(i) == '-')
        {
            negative = 1;
            i++;
        }

        int first = i;
        if (i >= length)
        {
            return NumberResult.NotANumber;
        }

        uint digit = (uint)text.At(i) - '0';
        if (digit > 9)
        {
            return NumberResult.NotANumber;
        }

        ulong digits = digit;
        i++;
        if (i < length && (uint)text.At(i) - '0' <= 9)
        {
            if (digit == 0)
            {
                return NumberResult.NotANumber;
            }

            i += ReadDigits(ref text, i, length, ref digits);
        }

        int integerDigits = i - first;

        int fractionDigits = 0;
        if (i < length && text.At(i) == '.')
        {
            i++;
            fractionDigits = ReadFraction(ref text, i, length, ref digits);
            i += fractionDigits;
            if (fractionDigits == 0)
            {
                return NumberResult.NotANumber;
            }
        }

        int exponent = -fractionDigits;
        if (i < length && (text.At(i) | 0x20) == 'e')
        {
            (int written, i) = ReadExponent(json, i);
            if (i < 0)
            {
                return NumberResult.NotANumber;
            }

            exponent += written;
        }

        double magnitude;
        if (digits <= ExactInteger && (uint)(exponent + ExactPower) <= 2 * ExactPower
            && integerDigits + fractionDigits <= SafeDigits)
        {
            // Both operands are exact, so the one operation rounds once.
            magnitude = exponent < 0
                ? digits / Unsafe.Add(ref MemoryMarshal.GetReference(ExactPowers), -exponent)
                : digits * Unsafe.Add(ref MemoryMarshal.GetReference(ExactPowers), exponent);
        }
        else
        {
            magnitude = Convert(json, position, digits, exponent, integerDigits + fractionDigits);
            if (double.IsInfinity(magnitude))
            {
                return NumberResult.OutOfRange;
            }
        }

        value = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(magnitude) | negative << 63);
        position = i;
        return NumberResult.Ok;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double Convert(ReadOnlySpan<byte> json, int start, ulong digits, int exponent, int count)
    {
        if (count > SafeDigits)
        {
            count -= CountLeadingZeros(json, start);
        }

        if (count <= SafeDigits)
        {
            if (digits == 0)
            {
                return 0;
            }

            if (EiselLemire.TryConvert(digits, exponent, out double value))
            {
                return value;
            }
        }

        NumberToken.TryScan(json, start, out NumberToken token);
        return LongDecimal.ToDouble(json, token);
    }

    private static int CountLeadingZeros(ReadOnlySpan<byte> json, int start)
    {
        int zeros = 0;
        for (int i = start; i < json.Length && json[i] is (byte)'-' or (byte)'0' or (byte)'.'; i++)
        {
            zeros += json[i] == '0' ? 1 : 0;
        }

        return zeros;
    }

    // By value, so that the caller's position can stay in a register. The end is negative when there is no exponent.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (int Exponent, int End) ReadExponent(ReadOnlySpan<byte> json, int i) =>
        NumberToken.TryScanExponent(json, ref i, out int exponent) ? (exponent, i) : (0, -1);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float RoundOnce(ReadOnlySpan<byte> json, int start)
    {
        NumberToken.TryScan(json, start, out NumberToken token);
        return LongDecimal.ToSingle(json, token);
    }

    /// <summary>Appends the digits of an integer part: up to seven without a branch on how many there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadDigits(ref byte text, int start, int length, ref ulong digits)
    {
        if (length - start >= 8)
        {
            ulong block = DigitBlock.Load(ref text, start);
            int count = DigitBlock.CountDigits(block);
            if (count < 8)
            {
                ulong power = Unsafe.Add(ref MemoryMarshal.GetReference(IntegerPowers), count);
                digits = (digits * power) + DigitBlock.Join(DigitBlock.AlignRight(block, count));
                return count;
            }
        }

        int i = start;
        for (uint digit; i < length && (digit = (uint)text.At(i) - '0') <= 9; i++)
        {
            digits = digits * 10 + digit;
        }

        return i - start;
    }

    /// <summary>Appends the digits after a decimal point to a number and returns how many there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadFraction(ref byte text, int start, int length, ref ulong digits)
    {
        int i = start;
        if (length - i >= 16)
        {
            // One digit, as the zero of a whole number, is worth a branch: then nothing waits for a count.
            uint only = (uint)text.At(i) - '0';
            if (only <= 9 && (uint)text.At(i + 1) - '0' > 9)
            {
                digits = digits * 10 + only;
                return 1;
            }

            // Up to sixteen digits without a branch on how many there are. The second eight count only after a full
            // first eight.
            ulong first = DigitBlock.Load(ref text, i);
            ulong second = DigitBlock.Load(ref text, i + 8);
            int firstCount = DigitBlock.CountDigits(first);
            int secondCount = DigitBlock.CountDigits(second) & -(firstCount >> 3);
            ulong head = DigitBlock.Join(DigitBlock.AlignRight(first, firstCount));
            ulong tail = DigitBlock.Join(DigitBlock.AlignRight(second, secondCount));
            ref ulong powers = ref MemoryMarshal.GetReference(IntegerPowers);
            digits = (digits * Unsafe.Add(ref powers, firstCount + secondCount))
                + (head * Unsafe.Add(ref powers, secondCount)) + tail;
            i += firstCount + secondCount;
            if (firstCount + secondCount < 16)
            {
                return i - start;
            }
        }

        for (uint digit; i < length && (digit = (uint)text.At(i) - '0') <= 9; i++)
        {
            digits = digits * 10 + digit;
        }

        return i - start;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte At(this ref byte text, int offset) => Unsafe.Add(ref text, offset);
}
