using System.Globalization;

namespace Sidecars.Protocol;

/// <summary>
/// Exact conversion of any JSON number, however long: it is first brought to a bounded form, then left to the
/// runtime's big-integer parser. For the few numbers that the fast paths cannot decide.
/// </summary>
internal static class LongDecimal
{
    // No tie between two doubles has more than 767 significant digits. Of the digits after those it matters only
    // whether one is not zero.
    private const int SignificantDigits = 770;
    private const int BufferLength = SignificantDigits + 16;

    // Beyond these every number is zero or infinite, whatever its digits.
    private const int ExponentBound = 2000;

    /// <summary>The double nearest to the number's magnitude; infinity when it is too large.</summary>
    internal static double ToDouble(ReadOnlySpan<byte> json, in NumberToken token)
    {
        Span<byte> buffer = stackalloc byte[BufferLength];
        int length = Canonicalize(json, token, buffer);
        return double.Parse(buffer[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>The float nearest to the number's magnitude; infinity when it is too large.</summary>
    internal static float ToSingle(ReadOnlySpan<byte> json, in NumberToken token)
    {
        Span<byte> buffer = stackalloc byte[BufferLength];
        int length = Canonicalize(json, token, buffer);
        return float.Parse(buffer[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    // Writes the magnitude as an integer of significant digits and an exponent: 0.0012e5 becomes 12e1.
    private static int Canonicalize(ReadOnlySpan<byte> json, in NumberToken token, Span<byte> buffer)
    {
        int length = 0;
        bool rest = false;

        // The power of ten that the last digit kept stands for.
        long exponent = (long)token.Exponent + (token.Point - token.Digits);
        for (int i = token.Digits; i < token.DigitsEnd; i++)
        {
            byte digit = json[i];
            if (digit == '.')
            {
                continue;
            }

            if (length < SignificantDigits)
            {
                exponent--;
                length += length > 0 || digit != '0' ? 1 : 0;
                buffer[Math.Max(length - 1, 0)] = digit;
            }
            else
            {
                rest |= digit != '0';
            }
        }

        if (length == 0)
        {
            buffer[length++] = (byte)'0';
            exponent = 0;
        }

        if (rest)
        {
            buffer[length++] = (byte)'1';
            exponent--;
        }

        buffer[length++] = (byte)'e';
        int bounded = (int)Math.Clamp(exponent, -ExponentBound, ExponentBound);
        bounded.TryFormat(buffer[length..], out int written, default, CultureInfo.InvariantCulture);
        return length + written;
    }
}
