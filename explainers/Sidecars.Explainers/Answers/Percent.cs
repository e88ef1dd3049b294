using System.Globalization;

namespace Sidecars.Explainers.Answers;

/// <summary>Shares as they are read: in percent.</summary>
internal static class Percent
{
    /// <summary>
    /// What was measured, with one digit after the point: 97.4%. What is not quite all or nothing gets as many digits as it
    /// takes to say so: 99.98%, never 100%.
    /// </summary>
    public static string Of(double share)
    {
        if (!double.IsFinite(share))
        {
            return "unknown";
        }

        decimal percent = (decimal)share * 100;
        for (int digits = 1; digits < 9; digits++)
        {
            decimal rounded = Math.Round(percent, digits, MidpointRounding.AwayFromZero);
            if (rounded is > 0 and < 100)
            {
                return rounded.ToString("0.0#######", CultureInfo.InvariantCulture) + "%";
            }
        }

        return percent.ToString("0", CultureInfo.InvariantCulture) + "%";
    }

    /// <summary>What somebody chose, with the digits that it has: 95%, 97.5%.</summary>
    public static string Chosen(double share) => ((decimal)share * 100).ToString("0.##########", CultureInfo.InvariantCulture) + "%";

    /// <summary>How much a share changed: +7.2 points, −0.4 points.</summary>
    public static string Change(double from, double to)
    {
        decimal points = Math.Round(((decimal)to - (decimal)from) * 100, 1, MidpointRounding.AwayFromZero);
        return points.ToString("+0.0;−0.0;±0.0", CultureInfo.InvariantCulture) + (Math.Abs(points) == 1 ? " point" : " points");
    }
}
