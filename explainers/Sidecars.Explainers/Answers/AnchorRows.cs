namespace Sidecars.Explainers.Answers;

/// <summary>Rows on which the rule holds: those of the same class and those that break it, below the explained row.</summary>
internal static class AnchorRows
{
    // So many columns fit on paper; the style leaves out the others there, but for the rule's.
    private const int MostPrinted = 10;

    // Longer texts are broken into lines.
    private const int LongText = 30;

    /// <param name="reading">The anchor.</param>
    /// <param name="heading">The element of its heading.</param>
    /// <param name="id">The heading's id.</param>
    /// <param name="row">The id of what says which row it is, where there are several; else empty.</param>
    public static Markup Write(AnchorReading reading, string heading, string id, string row = "")
    {
        Markup section = new Markup().Add($"<section>\n{AnchorSections.Heading(heading, "Rows on which the rule holds", id)}");
        if (reading.Anchor.Steps is not [.., { } rule])
        {
            return section.Raw("<p>A rule without conditions holds on every row; no examples are kept of it.</p>\n</section>\n");
        }

        if (rule.CoveredTrue.Rows + rule.CoveredFalse.Rows == 0)
        {
            return section.Raw("<p>No examples were kept: n_covered_ex is 0, or there was no time to draw any.</p>\n</section>\n");
        }

        int[] order = Order(reading);
        string title = $"{row} {id}".TrimStart();
        section.Add($"<p>Drawn from the training data so that the rule holds, and scored. {Values(reading)}</p>\n")
            .Add($"<div class=\"scroll\" role=\"region\" aria-labelledby=\"{title}\" tabindex=\"0\">\n<table class=\"rows\">\n<thead><tr><td></td>");
        for (int i = 0; i < order.Length; i++)
        {
            string name = reading.Source.Schema.Features[order[i]].Name;
            string number = reading.Source.Schema.Features[order[i]].IsCategorical ? "" : " num";
            _ = InRule(reading, i)
                ? section.Add($"<th scope=\"col\" class=\"inrule{number}\"><div><span>in the rule</span>{name}</div></th>")
                : section.Add($"<th scope=\"col\" class=\"{number}\"><div>{name}</div></th>");
        }

        section.Raw("</tr></thead>\n<tbody>\n<tr class=\"own\"><th scope=\"row\">explained</th>");
        Cells(section, reading, order, reading.Anchor.Instance.Span);
        section.Raw("</tr>\n</tbody>\n");
        Group(section, reading, order, rule.CoveredTrue, $"{reading.Model} says the same of these: {reading.Class}");
        Group(section, reading, order, rule.CoveredFalse, $"These break the rule: {reading.Model} says {AnchorWords.OtherClass(reading)}");
        section.Raw("</table>\n</div>\n");
        int printed = Math.Max(MostPrinted, reading.Conditions.Count);
        if (order.Length > printed)
        {
            section.Add($"<p class=\"note on-paper\">Printed are the first {printed} of {order.Length} columns; the page on a screen has all of them.</p>\n");
        }

        return section.Add($"{(rule.CoveredFalse.Rows == 0 ? NoneBroke(reading) : new Markup())}</section>\n");
    }

    /// <summary>The rule's columns first, as they stand in the rule; then the others as they stand in the data.</summary>
    private static int[] Order(AnchorReading reading)
    {
        int[] rule = [.. reading.Conditions.Select(static c => c.Feature)];
        return [.. rule, .. Enumerable.Range(0, reading.Source.Schema.Features.Count).Except(rule)];
    }

    private static bool InRule(AnchorReading reading, int place) => place < reading.Conditions.Count;

    private static string Values(AnchorReading reading) =>
        reading.Conditions.Count < reading.Source.Schema.Features.Count
            ? "The rule's columns come first; values other than the explained row's are bold."
            : "The rule speaks of all columns; values other than the explained row's are bold.";

    private static Markup NoneBroke(AnchorReading reading) => new Markup().Raw(
        reading.Anchor.Precision < 1
            ? "<p class=\"note\">No row that breaks the rule was kept.</p>\n"
            : "<p class=\"note\">None of the rows that were drawn broke the rule.</p>\n");

    private static void Group(Markup to, AnchorReading reading, int[] order, TabularData rows, string title)
    {
        if (rows.Rows == 0)
        {
            return;
        }

        to.Add($"<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{order.Length + 1}\"><span>{title}</span></th></tr>\n");
        for (int row = 0; row < rows.Rows; row++)
        {
            to.Add($"<tr><th scope=\"row\">{row + 1}</th>");
            Cells(to, reading, order, rows[row]);
            to.Raw("</tr>\n");
        }

        to.Raw("</tbody>\n");
    }

    private static void Cells(Markup to, AnchorReading reading, int[] order, ReadOnlySpan<float> row)
    {
        ReadOnlySpan<float> own = reading.Anchor.Instance.Span;
        for (int i = 0; i < order.Length; i++)
        {
            int feature = order[i];
            TabularFeature column = reading.Source.Schema.Features[feature];
            string value = NumberText.Cell(column, row[feature]);
            string style = (InRule(reading, i) ? "inrule " : "") + (!column.IsCategorical ? "num" : value.Length > LongText ? "long" : "");
            bool same = row[feature].Equals(own[feature]);
            _ = same ? to.Add($"<td class=\"{style}\">{value}</td>") : to.Add($"<td class=\"{style}\"><mark>{value}</mark></td>");
        }
    }
}
