using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidecars.Protocol;

/// <content>Integers: written plainly, or as a fraction or with an exponent when the value is integral.</content>
internal static partial class NumberReader
{
    /// <summary>Reads a signed integer; <c>7</c>, <c>7.0</c> and <c>7e0</c> are the same number.</summary>
    internal static NumberResult ReadInt64(ReadOnlySpan<byte> json, ref int position, out long value)
    {
        int start = position;
        NumberResult result = ReadMagnitude(json, ref position, out ulong magnitude, out bool negative);
        value = negative ? -(long)magnitude : (long)magnitude;
        if (result == NumberResult.Ok && magnitude > (ulong)long.MaxValue + (negative ? 1UL : 0UL))
        {
            position = start;
            result = NumberResult.OutOfRange;
        }

        value = result == NumberResult.Ok ? value : 0;
        return result;
    }

    /// <summary>Reads an unsigned integer; a negative one is out of range, <c>-0</c> is zero.</summary>
    internal static NumberResult ReadUInt64(ReadOnlySpan<byte> json, ref int position, out ulong value)
    {
        int start = position;
        NumberResult result = ReadMagnitude(json, ref position, out value, out bool negative);
        if (result == NumberResult.Ok && negative && value != 0)
        {
            position = start;
            value = 0;
            return NumberResult.OutOfRange;
        }

        return result;
    }

    /// <summary>Reads a number as <typeparamref name="T"/>: float, double or an integer of 8 to 64 bits.</summary>
    /// <exception cref="NotSupportedException">Another type.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static NumberResult Read<T>(ReadOnlySpan<byte> json, ref int position, out T value)
        where T : unmanaged, INumberBase<T>
    {
        // The comparisons are decided when T is compiled for.
        NumberResult result;
        if (typeof(T) == typeof(float))
        {
            result = ReadSingle(json, ref position, out float single);
            value = Unsafe.BitCast<float, T>(single);
            return result;
        }

        if (typeof(T) == typeof(double))
        {
            result = ReadDouble(json, ref position, out double wide);
            value = Unsafe.BitCast<double, T>(wide);
            return result;
        }

        if (typeof(T) == typeof(ulong))
        {
            result = ReadUInt64(json, ref position, out ulong unsigned);
            value = Unsafe.BitCast<ulong, T>(unsigned);
            return result;
        }

        if (typeof(T) != typeof(long) && typeof(T) != typeof(int) && typeof(T) != typeof(uint)
            && typeof(T) != typeof(short) && typeof(T) != typeof(ushort) && typeof(T) != typeof(sbyte)
            && typeof(T) != typeof(byte))
        {
            throw new NotSupportedException($"No JSON number is read as {typeof(T)}.");
        }

        int start = position;
        result = ReadInt64(json, ref position, out long integer);
        value = T.CreateTruncating(integer);
        if (result == NumberResult.Ok && long.CreateTruncating(value) != integer)
        {
            position = start;
            value = default;
            return NumberResult.OutOfRange;
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static NumberResult ReadMagnitude(
        ReadOnlySpan<byte> json, ref int position, out ulong magnitude, out bool negative)
    {
        magnitude = 0;
        negative = false;
        int i = position;
        int length = json.Length;
        ref byte text = ref MemoryMarshal.GetReference(json);
        if ((uint)i >= (uint)length)
        {
            return NumberResult.NotANumber;
        }

        negative = text.At(i) == '-';
        i += negative ? 1 : 0;
        int first = i;
        ulong digits = 0;
        i += ReadDigits(ref text, i, length, ref digits);
        int count = i - first;
        bool leadingZero = count > 1 && text.At(first) == '0';
        if (count == 0 || leadingZero)
        {
            return NumberResult.NotANumber;
        }

        if (count > SafeDigits || (i < length && (text.At(i) == '.' || (text.At(i) | 0x20) == 'e')))
        {
            return ReadLongMagnitude(json, ref position, out magnitude);
        }

        magnitude = digits;
        position = i;
        return NumberResult.Ok;
    }

    // Any form: the digits before the decimal point, once the exponent has moved it, are the value; those behind it
    // must be zeros.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static NumberResult ReadLongMagnitude(ReadOnlySpan<byte> json, ref int position, out ulong magnitude)
    {
        magnitude = 0;
        if (!NumberToken.TryScan(json, position, out NumberToken token))
        {
            return NumberResult.NotANumber;
        }

        ulong value = 0;
        long before = (long)(token.Point - token.Digits) + token.Exponent;
        for (int i = token.Digits; i < token.DigitsEnd; i++)
        {
            if (json[i] == '.')
            {
                continue;
            }

            if (before-- <= 0 && json[i] != '0')
            {
                return NumberResult.NotIntegral;
            }

            if (before >= 0 && !TryAppend(ref value, (uint)json[i] - '0'))
            {
                return NumberResult.OutOfRange;
            }
        }

        for (; before > 0 && value != 0; before--)
        {
            if (!TryAppend(ref value, 0))
            {
                return NumberResult.OutOfRange;
            }
        }

        magnitude = value;
        position = token.End;
        return NumberResult.Ok;
    }

    private static bool TryAppend(ref ulong value, uint digit)
    {
        UInt128 next = ((UInt128)value * 10) + digit;
        value = (ulong)next;
        return next <= ulong.MaxValue;
    }
}
