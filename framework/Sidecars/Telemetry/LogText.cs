using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Sidecars.Telemetry;

/// <summary>The small parts that log lines are made of.</summary>
internal static class LogText
{
    private const int MaxNumberLength = 20;

    public static void Number(IBufferWriter<byte> output, long value)
    {
        _ = Utf8Formatter.TryFormat(value, output.GetSpan(MaxNumberLength), out int length);
        output.Advance(length);
    }

    /// <summary><c>YYYY-MM-DD HH:MM:SS.mmm</c>.</summary>
    public static void Timestamp(IBufferWriter<byte> output, DateTimeOffset time)
    {
        const int Length = 23;
        Span<byte> text = output.GetSpan(Length);
        Digits(text[..4], time.Year);
        text[4] = (byte)'-';
        Digits(text[5..7], time.Month);
        text[7] = (byte)'-';
        Digits(text[8..10], time.Day);
        text[10] = (byte)' ';
        Digits(text[11..13], time.Hour);
        text[13] = (byte)':';
        Digits(text[14..16], time.Minute);
        text[16] = (byte)':';
        Digits(text[17..19], time.Second);
        text[19] = (byte)'.';
        Digits(text[20..23], time.Millisecond);
        output.Advance(Length);
    }

    /// <summary>The text with everything but letters, digits, <c>_ . - ~</c> and slashes percent-encoded.</summary>
    public static void PercentEncoded(IBufferWriter<byte> output, string text)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        int count = Encoding.UTF8.GetBytes(text, bytes);
        Span<byte> encoded = output.GetSpan(count * 3);
        int length = 0;
        foreach (byte b in bytes.AsSpan(0, count))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'.' or (byte)'-' or (byte)'~' or (byte)'/')
            {
                encoded[length++] = b;
            }
            else
            {
                encoded[length++] = (byte)'%';
                encoded[length++] = Hex(b >> 4);
                encoded[length++] = Hex(b & 15);
            }
        }

        output.Advance(length);
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'A' + digit - 10);

    private static void Digits(Span<byte> text, int value)
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            text[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }
}
