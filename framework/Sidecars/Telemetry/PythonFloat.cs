using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sidecars.Telemetry;

/// <summary>Writes doubles as Python's <c>repr</c> does, which is what dashboards and log parsers made for KServe
/// have seen: the shortest digits that read back the same, always with a point or an exponent, an exponent only
/// below 1e-4 and from 1e16 on.</summary>
internal static class PythonFloat
{
    private const int MaxLength = 32;

    public static void Write(IBufferWriter<byte> output, double value) =>
        output.Advance(Format(value, output.GetSpan(MaxLength)));

    public static string ToText(double value)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(text[..Format(value, text)]);
    }

    private static int Format(double value, Span<byte> text)
    {
        if (!double.IsFinite(value))
        {
            ReadOnlySpan<byte> word = double.IsNaN(value) ? "nan"u8 : value > 0 ? "inf"u8 : "-inf"u8;
            word.CopyTo(text);
            return word.Length;
        }

        // .NET finds the same digits as Python, but changes to exponents elsewhere: take digits and exponent out of
        // what it wrote, whichever form that has.
        Span<byte> written = stackalloc byte[MaxLength];
        _ = value.TryFormat(written, out int length, default, CultureInfo.InvariantCulture);
        Span<byte> digits = stackalloc byte[MaxLength];
        int count = Digits(written[..length], digits, out int point);
        length = 0;
        if (written[0] == '-')
        {
            text[length++] = (byte)'-';
        }

        return length + Lay(digits[..count], point, text[length..]);
    }

    /// <summary>Reads the significant digits, without zeros at either end, and where the point stands: before the digit
    /// of that index, which may lie outside. Zero has no digits.</summary>
    private static int Digits(ReadOnlySpan<byte> written, Span<byte> digits, out int point)
    {
        int exponent = 0;
        int e = written.IndexOf((byte)'E');
        if (e >= 0)
        {
            _ = int.TryParse(written[(e + 1)..], CultureInfo.InvariantCulture, out exponent);
            written = written[..e];
        }

        int count = 0;
        bool fraction = false;
        point = 0;
        foreach (byte b in written)
        {
            if (b == '.')
            {
                fraction = true;
            }
            else if (b != '-')
            {
                if (count > 0 || b != '0')
                {
                    digits[count++] = b;
                    point += fraction ? 0 : 1;
                }
                else if (fraction)
                {
                    point--;
                }
            }
        }

        while (count > 0 && digits[count - 1] == '0')
        {
            count--;
        }

        point = count == 0 ? 0 : point + exponent;
        return count;
    }

    private static int Lay(ReadOnlySpan<byte> digits, int point, Span<byte> text)
    {
        const int FirstPointInPlace = -3;
        const int LastPointInPlace = 16;
        if (point is < FirstPointInPlace or > LastPointInPlace)
        {
            return LayWithExponent(digits, point - 1, text);
        }

        int length = 0;
        if (point <= 0)
        {
            text[length++] = (byte)'0';
        }

        for (int i = 0; i < point; i++)
        {
            text[length++] = i < digits.Length ? digits[i] : (byte)'0';
        }

        text[length++] = (byte)'.';
        for (int i = point; i < Math.Max(digits.Length, point + 1); i++)
        {
            text[length++] = i >= 0 && i < digits.Length ? digits[i] : (byte)'0';
        }

        return length;
    }

    private static int LayWithExponent(ReadOnlySpan<byte> digits, int exponent, Span<byte> text)
    {
        int length = 0;
        text[length++] = digits[0];
        if (digits.Length > 1)
        {
            text[length++] = (byte)'.';
            digits[1..].CopyTo(text[length..]);
            length += digits.Length - 1;
        }

        text[length++] = (byte)'e';
        text[length++] = exponent < 0 ? (byte)'-' : (byte)'+';
        _ = Math.Abs(exponent).TryFormat(text[length..], out int exponentLength, "00", CultureInfo.InvariantCulture);
        return length + exponentLength;
    }
}
