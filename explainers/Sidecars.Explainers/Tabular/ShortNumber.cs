using System.Runtime.CompilerServices;

namespace Sidecars.Explainers.Tabular;

/// <summary>
/// Reads the short numbers that tables are full of, without what the general reader has to be ready for. Both are compiled in
/// full at once: data are read when a process starts, and what is compiled twice would be slow just then.
/// </summary>
internal static class ShortNumber
{
    // Up to here 32-bit floats hold every whole number and every power of ten, so that their quotient is rounded once, and
    // is the float next to the decimal.
    private const int MostMantissa = 1 << 24, MostDigits = 10;

    private static readonly float[] s_powers = [1, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f];

    /// <summary>Reads up to six digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryWhole(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        if (text.Length is 0 or > 6)
        {
            return false;
        }

        foreach (byte c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        return true;
    }

    /// <summary>Reads an optional sign, digits, and digits after a point; false for whatever is longer or otherwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryDecimal(ReadOnlySpan<byte> text, out float value)
    {
        value = 0;
        bool negative = text.Length > 0 && text[0] == (byte)'-';
        int mantissa = 0, digits = 0, point = -1;
        for (int i = negative ? 1 : 0; i < text.Length; i++)
        {
            byte c = text[i];
            if (c == (byte)'.' && point < 0)
            {
                point = i;
                continue;
            }

            if (c is < (byte)'0' or > (byte)'9' || ++digits > MostDigits || (mantissa = (mantissa * 10) + (c - '0')) > MostMantissa)
            {
                return false;
            }
        }

        if (digits == 0)
        {
            return false;
        }

        value = mantissa / s_powers[point < 0 ? 0 : text.Length - 1 - point];
        value = negative ? -value : value;
        return true;
    }
}
