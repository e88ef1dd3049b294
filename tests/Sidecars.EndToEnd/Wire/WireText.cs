using System.Text;

namespace Sidecars.EndToEnd.Wire;

/// <summary>Bytes for the eyes: text where it is text, hexadecimal where it is not, and only the beginning of much.</summary>
internal static class WireText
{
    private const int Most = 2_000;

    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    public static string Show(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> part = bytes[..Math.Min(bytes.Length, Most)];
        string more = bytes.Length > Most ? $" … ({bytes.Length} bytes)" : "";
        try
        {
            string text = _strict.GetString(part);
            if (!text.Any(c => char.IsControl(c) && c is not ('\r' or '\n' or '\t')))
            {
                return text + more;
            }
        }
        catch (ArgumentException)
        {
            // Not text: hexadecimal below.
        }

        return "0x" + Convert.ToHexString(part) + more;
    }
}
