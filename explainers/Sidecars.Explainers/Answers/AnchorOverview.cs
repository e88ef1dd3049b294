using System.Globalization;

namespace Sidecars.Explainers.Answers;

/// <summary>Many anchors in one table.</summary>
internal static class AnchorOverview
{
    /// <summary>How they stand, and how many are not shown.</summary>
    public static string Lead(IReadOnlyCollection<AnchorReading> shown, int all)
    {
        string states = string.Join(", ", shown.GroupBy(static r => r.Anchor.Status).OrderBy(static g => g.Key)
            .Select(static g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {AnchorWords.Status(g.Key)}")));
        string rest = all > shown.Count
            ? string.Create(CultureInfo.InvariantCulture, $" The first {shown.Count} are shown; the other {all - shown.Count} are in the same answer as JSON.")
            : "";
        return $"A rule for each row, and whether it was shown to reach the threshold: {states}.{rest}";
    }

    public static Markup Table(IReadOnlyList<AnchorReading> readings)
    {
        Markup table = new Markup()
            .Raw("<h2 id=\"overview\">Overview</h2>\n<div class=\"scroll\" role=\"region\" aria-labelledby=\"overview\" tabindex=\"0\">\n<table class=\"overview\">\n<thead><tr>")
            .Raw("<th scope=\"col\">Row</th><th scope=\"col\">Says</th><th scope=\"col\">If</th>")
            .Raw("<th scope=\"col\" class=\"num\">Precision</th><th scope=\"col\" class=\"num\">Coverage</th><th scope=\"col\">Status</th></tr></thead>\n<tbody>\n");
        for (int row = 0; row < readings.Count; row++)
        {
            AnchorReading reading = readings[row];
            AnchorExplanation anchor = reading.Anchor;
            table.Add($"<tr><th scope=\"row\"><a href=\"#row-{row + 1}\">{row + 1}</a></th><td>{reading.Class}</td><td>{reading.Rule}</td>")
                .Add($"<td class=\"num\"><data value=\"{anchor.Precision}\">{Percent.Of(anchor.Precision)}</data></td>")
                .Add($"<td class=\"num\"><data value=\"{anchor.Coverage}\">{Percent.Of(anchor.Coverage)}</data></td>")
                .Add($"<td>{AnchorSections.Badge(anchor.Status, AnchorWords.Status(anchor.Status))}</td></tr>\n");
        }

        return table.Raw("</tbody>\n</table>\n</div>\n");
    }
}
