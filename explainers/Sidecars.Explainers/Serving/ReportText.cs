using System.Globalization;

namespace Sidecars.Explainers.Serving;

/// <summary>Numbers in what a person reads.</summary>
internal static class ReportText
{
    private static readonly NumberFormatInfo s_grouped = new() { NumberGroupSeparator = " " };

    /// <summary>A count with its thousands apart, in the same way for every reader.</summary>
    public static string Count(long count) => count.ToString("N0", s_grouped);
}
