using System.Globalization;

namespace Sidecars.Explainers.Answers;

/// <summary>Numbers as people read them, the same in every culture.</summary>
internal static class NumberText
{
    /// <summary>The minus sign of print, as wide as a plus.</summary>
    public const string Minus = "−";

    /// <summary>A whole number with commas between thousands.</summary>
    public static string Count(long count) => Typeset(count.ToString("N0", CultureInfo.InvariantCulture));

    /// <summary>A whole number without commas: a name more than an amount.</summary>
    public static string Whole(long number) => Typeset(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The shortest text that reads back as this number; "missing" for none.</summary>
    public static string Shortest(float value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int power = text.IndexOf('E', StringComparison.Ordinal);
        return float.IsNaN(value) ? "missing"
            : Typeset(power < 0 ? text : $"{text[..power]}e{int.Parse(text.AsSpan(power + 1), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>A share of 1 as percent, with one decimal below ten, and never as nothing when it is something.</summary>
    public static string Percent(double share) => share switch
    {
        > 0 and < 0.0005 => "< 0.1%",
        < 0.0995 => share.ToString("0.0%", CultureInfo.InvariantCulture),
        > 0.9995 and < 1 => "> 99.9%",
        _ => share.ToString(share is > 0.9 and < 1 ? "0.0%" : "0%", CultureInfo.InvariantCulture),
    };

    /// <summary>A time with three digits and the unit that suits it.</summary>
    public static string Duration(TimeSpan time)
    {
        double seconds = time.TotalSeconds;
        return seconds >= 60 ? string.Create(CultureInfo.InvariantCulture, $"{(long)(seconds / 60)} min {Math.Floor(seconds % 60):0} s")
            : seconds >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{Digits(seconds)} s")
            : string.Create(CultureInfo.InvariantCulture, $"{Digits(seconds * 1000)} ms");
    }

    /// <summary>What a row has of a feature: the category's name, or the shortest number.</summary>
    public static string Cell(TabularFeature feature, float value) =>
        feature.Categories is { } names && value >= 0 && value < names.Count && value == MathF.Floor(value)
            ? names[(int)value]
            : Shortest(value);

    /// <summary>A text with the minus sign of print for the hyphen it begins with, and in its exponent.</summary>
    private static string Typeset(string number) => number.Replace("-", Minus, StringComparison.Ordinal);

    private static string Digits(double value) =>
        value.ToString(value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
