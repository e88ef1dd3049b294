using System.Globalization;
using System.Text;

namespace Sidecars.Explainers.Answers;

/// <summary>Texts in the columns of a terminal.</summary>
internal static class TextColumns
{
    /// <summary>A text without what would steer a terminal or begin another line of a log.</summary>
    public static string Clean(string text) =>
        text.Any(IsSteering) ? string.Concat(text.Select(static c => IsSteering(c) ? '\uFFFD' : c)) : text;

    /// <summary>A number with the minus sign of keyboards, which every terminal has.</summary>
    public static string Plain(string number) => number.Replace(NumberText.Minus, "-", StringComparison.Ordinal);

    /// <summary>A text in just so many columns: cut with an ellipsis, or filled up.</summary>
    public static string Fit(string text, int columns)
    {
        text = Clean(text);
        int width = Of(text);
        if (width > columns)
        {
            var kept = new StringBuilder();
            width = 1;
            TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text);
            while (elements.MoveNext() && width + Of(elements.GetTextElement()) <= columns)
            {
                kept.Append(elements.GetTextElement());
                width += Of(elements.GetTextElement());
            }

            text = kept + "…";
        }

        return text + new string(' ', Math.Max(0, columns - width));
    }

    /// <summary>A name and its value in just so many columns: a long value leaves half of them to the name.</summary>
    public static string Fit(string name, string? value, int columns)
    {
        if (value is null)
        {
            return Fit(name, columns);
        }

        (name, value) = (Clean(name), Clean(Plain(value)));
        int whole = Of(name) + 3 + Of(value);
        value = whole > columns ? Fit(value, Math.Min(Of(value), Math.Max(columns / 2, columns - 3 - Of(name)))) : value;
        name = whole > columns ? Fit(name, columns - 3 - Of(value)).TrimEnd() : name;
        return Fit($"{name} = {value}", columns);
    }

    /// <summary>How many columns a text takes; East Asian characters and pictures take two.</summary>
    public static int Of(string text)
    {
        int columns = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            columns += Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
                _ => IsWideSign(rune.Value) || rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
                    or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) ? 2 : 1,
            };
        }

        return columns;
    }

    /// <summary>The signs among symbols that Unicode calls wide (East Asian Width W), which terminals draw as pictures.</summary>
    private static bool IsWideSign(int c) => c is >= 0x231A and <= 0x2B55 && c is
        0x231A or 0x231B or 0x2329 or 0x232A or (>= 0x23E9 and <= 0x23EC) or 0x23F0 or 0x23F3 or 0x25FD or 0x25FE or 0x2614 or 0x2615
        or (>= 0x2648 and <= 0x2653) or 0x267F or 0x2693 or 0x26A1 or 0x26AA or 0x26AB or 0x26BD or 0x26BE or 0x26C4 or 0x26C5 or 0x26CE
        or 0x26D4 or 0x26EA or 0x26F2 or 0x26F3 or 0x26F5 or 0x26FA or 0x26FD or 0x2705 or 0x270A or 0x270B or 0x2728 or 0x274C or 0x274E
        or (>= 0x2753 and <= 0x2755) or 0x2757 or (>= 0x2795 and <= 0x2797) or 0x27B0 or 0x27BF or 0x2B1B or 0x2B1C or 0x2B50 or 0x2B55;

    private static bool IsSteering(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
