using System.Globalization;
using System.Text;

namespace Sidecars.Options;

/// <summary>Reads and shows values the way Python's <c>int</c>, <c>float</c>, <c>strtobool</c> and <c>repr</c> do,
/// because the command lines written for KServe's server were written against these.</summary>
internal static class PythonText
{
    public const string BoolWords = "y, yes, t, true, on, 1, n, no, f, false, off, 0";

    /// <summary>Whole numbers with optional sign, surrounding blanks, and single underscores between digits. Numbers
    /// past 64 bits become the nearest one that fits, which every range check then refuses.</summary>
    public static bool TryInt(string text, out long value)
    {
        value = 0;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        bool negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
        {
            rest = rest[1..];
        }

        Int128 total = 0;
        bool digitBefore = false;
        foreach (char c in rest)
        {
            if (c == '_' && digitBefore)
            {
                digitBefore = false;
                continue;
            }

            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            digitBefore = true;
            total = Int128.Min((total * 10) + (c - '0'), (Int128)long.MaxValue + 1);
        }

        value = (long)Int128.Clamp(negative ? -total : total, long.MinValue, long.MaxValue);
        return digitBefore;
    }

    public static bool TryFloat(string text, out double value) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    public static bool TryBool(string text, out bool value)
    {
        switch (text.ToLowerInvariant())
        {
            case "y" or "yes" or "t" or "true" or "on" or "1":
                value = true;
                return true;
            case "n" or "no" or "f" or "false" or "off" or "0":
                value = false;
                return true;
            default:
                value = false;
                return false;
        }
    }

    /// <summary>The text in quotes, with line breaks and control characters made visible.</summary>
    public static string Repr(string text)
    {
        char quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        StringBuilder shown = new StringBuilder(text.Length + 2).Append(quote);
        foreach (char c in text)
        {
            _ = c switch
            {
                '\n' => shown.Append("\\n"),
                '\r' => shown.Append("\\r"),
                '\t' => shown.Append("\\t"),
                '\\' => shown.Append("\\\\"),
                _ when c == quote => shown.Append('\\').Append(c),
                _ when char.IsControl(c) => shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => shown.Append(c),
            };
        }

        return shown.Append(quote).ToString();
    }
}
