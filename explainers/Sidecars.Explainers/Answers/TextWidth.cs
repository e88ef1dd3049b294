namespace Sidecars.Explainers.Answers;

/// <summary>
/// How wide text gets, without a font to ask: no less than in the wide ones that systems have, so that what was laid out
/// by it fits in all of them.
/// </summary>
internal static class TextWidth
{
    /// <summary>How much wider bold text is.</summary>
    public const double Bold = 1.12;

    // Sums of the same widths in another order differ in their last digits.
    private const double Slack = 0.01;

    private const string BreakAfter = "-_/,;";

    public static double Of(string text, double size) => text.Sum(Em) * size;

    /// <summary>As much of a text as fits, and … for the rest.</summary>
    public static string Shorten(string text, double size, double width)
    {
        if (Of(text, size) <= width + Slack)
        {
            return text;
        }

        int length = Math.Max(0, Fitting(text, size, width - (Em('…') * size)));
        return text[..length].TrimEnd() + "…";
    }

    /// <summary>A text on lines that fit, broken between words or their parts, or inside of a word that is longer than a line.</summary>
    public static List<string> Wrap(string text, double size, double width)
    {
        List<string> lines = [];
        while (Of(text, size) > width)
        {
            int fitting = Math.Max(1, Fitting(text, size, width));
            int space = text.LastIndexOf(' ', Math.Min(fitting, text.Length - 1));
            int part = text.AsSpan(0, fitting).LastIndexOfAny(BreakAfter) + 1;
            int end = Math.Max(space, part) is var best and > 0 ? best : fitting;
            lines.Add(text[..end].TrimEnd());
            text = text[end..].TrimStart();
        }

        if (text.Length > 0 || lines.Count == 0)
        {
            lines.Add(text);
        }

        return lines;
    }

    /// <summary>How many characters fit; never half of one that takes two.</summary>
    private static int Fitting(string text, double size, double width)
    {
        double used = 0;
        for (int i = 0; i < text.Length; i++)
        {
            used += Em(text[i]) * size;
            if (used > width)
            {
                return i > 0 && char.IsLowSurrogate(text[i]) ? i - 1 : i;
            }
        }

        return text.Length;
    }

    private static double Em(char c) => c switch
    {
        'i' or 'j' or 'l' or 'I' or '|' or '!' or '\'' or '.' or ',' or ':' or ';' or ' ' or '\u00a0' => 0.34,
        'f' or 't' or 'r' or '(' or ')' or '[' or ']' or '-' or '/' => 0.43,
        'm' or 'w' or 'M' or 'W' or '%' or '@' or '…' => 1,
        '+' or '−' or '=' or '<' or '>' or '±' => 0.86,
        >= 'A' and <= 'Z' => 0.78,
        >= '0' and <= '9' => 0.64,
        < '\u2e80' => 0.66,
        _ => 1.05,
    };
}
