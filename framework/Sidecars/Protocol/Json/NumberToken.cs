namespace Sidecars.Protocol;

/// <summary>
/// The parts of one JSON number (RFC 8259, section 6), for the cases the fast paths leave over: the offsets of its
/// pieces and its exponent.
/// </summary>
internal readonly struct NumberToken
{
    // Larger exponents are cut to this: no text is long enough for its digits to make up for the difference.
    private const int ExponentLimit = int.MaxValue / 4;

    private NumberToken(int digits, int point, int digitsEnd, int exponent, int end)
    {
        Digits = digits;
        Point = point;
        DigitsEnd = digitsEnd;
        Exponent = exponent;
        End = end;
    }

    /// <summary>Where the digits begin, after a minus sign.</summary>
    internal int Digits { get; }

    /// <summary>Where the integer part ends: at the decimal point, or at <see cref="DigitsEnd"/> without one.</summary>
    internal int Point { get; }

    /// <summary>Where the digits end and an exponent may begin.</summary>
    internal int DigitsEnd { get; }

    /// <summary>The exponent as written, 0 without one.</summary>
    internal int Exponent { get; }

    /// <summary>Where the number ends.</summary>
    internal int End { get; }

    /// <summary>Finds the parts of the number at an offset; false when there is no valid number.</summary>
    internal static bool TryScan(ReadOnlySpan<byte> json, int offset, out NumberToken token)
    {
        token = default;
        int i = offset;
        if ((uint)i < (uint)json.Length && json[i] == '-')
        {
            i++;
        }

        int digits = i;
        i = SkipDigits(json, i);
        int point = i;
        if (point == digits || (json[digits] == '0' && point > digits + 1))
        {
            return false;
        }

        if (i < json.Length && json[i] == '.')
        {
            i = SkipDigits(json, point + 1);
            if (i == point + 1)
            {
                return false;
            }
        }

        int digitsEnd = i;
        if (!TryScanExponent(json, ref i, out int exponent))
        {
            return false;
        }

        token = new NumberToken(digits, point, digitsEnd, exponent, i);
        return true;
    }

    /// <summary>Reads an exponent, if one is there, and moves past it; false when what begins as one is none.</summary>
    internal static bool TryScanExponent(ReadOnlySpan<byte> json, ref int position, out int exponent)
    {
        exponent = 0;
        int i = position;
        if ((uint)i >= (uint)json.Length || (json[i] | 0x20) != 'e')
        {
            return true;
        }

        i++;
        bool negative = i < json.Length && json[i] == '-';
        if (i < json.Length && json[i] is (byte)'-' or (byte)'+')
        {
            i++;
        }

        int first = i;
        for (; i < json.Length && char.IsAsciiDigit((char)json[i]); i++)
        {
            exponent = exponent < ExponentLimit / 10 ? exponent * 10 + (json[i] - '0') : ExponentLimit;
        }

        exponent = negative ? -exponent : exponent;
        position = i;
        return i > first;
    }

    private static int SkipDigits(ReadOnlySpan<byte> json, int i)
    {
        while ((uint)i < (uint)json.Length && char.IsAsciiDigit((char)json[i]))
        {
            i++;
        }

        return i;
    }
}
