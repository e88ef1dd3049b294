using System.Globalization;

namespace Sidecars.Explainers.Tests.Answers;

/// <summary>A culture that writes 1.234,5 for 1,234.5 and percents apart from their sign, also where no cultures are installed.</summary>
internal static class GermanNumbers
{
    public static CultureInfo Culture { get; } = Make();

    private static CultureInfo Make()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = culture.NumberFormat.PercentDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = culture.NumberFormat.PercentGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "~";
        culture.NumberFormat.PercentPositivePattern = 0;
        return culture;
    }
}
