using System.Globalization;

namespace Sidecars.Explainers.Answers;

/// <summary>The parts of a page that tell of one anchor.</summary>
internal static class AnchorSections
{
    private const double PictureWidth = 340;

    public static Markup Badge(AnchorStatus status, string words) =>
        PageParts.Badge(status == AnchorStatus.Met ? BadgeTone.Good : BadgeTone.Warn, words, AnchorWords.Sign(status));

    /// <summary>What is to be known first, side by side where there is room: the rule, and how it was measured.</summary>
    public static Markup Answer(AnchorReading reading, string heading) => new Markup()
        .Add($"<div class=\"answer\">\n{Rule(reading)}{Measures(reading, heading)}</div>\n");

    /// <summary>IF, AND, THEN; or a sentence where there is no IF.</summary>
    private static Markup Rule(AnchorReading reading)
    {
        Markup rule = new Markup().Raw("<div class=\"rule\">\n");
        if (reading.Conditions.Count == 0)
        {
            return rule.Add($"<p class=\"empty\">{AnchorWords.EmptyRule(reading)}</p>\n</div>\n");
        }

        for (int i = 0; i < reading.Conditions.Count; i++)
        {
            AnchorCondition condition = reading.Conditions[i];
            rule.Add($"<p><span class=\"word\">{(i == 0 ? "IF" : "AND")}</span> <span>");
            if (condition.Before.Length > 0)
            {
                rule.Add($"<span class=\"op\">{condition.Before}</span> ");
            }

            rule.Add($"<b><bdi>{condition.Name}</bdi></b> <bdi class=\"op\">{condition.After}</bdi></span> ")
                .Add($"<span class=\"has\">this row: <b><bdi>{condition.Value}</bdi></b></span></p>\n");
        }

        return rule.Add($"<p class=\"then\"><span class=\"word\">THEN</span> <span><bdi>{reading.Model}</bdi> says <b><bdi>{reading.Class}</bdi></b>, ")
            .Add($"for {Percent.Of(reading.Anchor.Precision)} of such rows</span></p>\n</div>\n");
    }

    /// <summary>Precision and coverage, side by side where there is room.</summary>
    private static Markup Measures(AnchorReading reading, string heading)
    {
        AnchorExplanation anchor = reading.Anchor;
        (double low, double high) = anchor.PrecisionInterval;
        string confidence = Percent.Chosen(anchor.Confidence);
        return new Markup()
            .Raw("<section class=\"of-precision\">\n").Add($"{Heading(heading, "Precision")}")
            .Add($"<p class=\"figure\"><data value=\"{anchor.Precision}\">{Percent.Of(anchor.Precision)}</data></p>\n")
            .Add($"<svg class=\"precision\" viewBox=\"0 0 {PictureWidth} {PrecisionLayout.Height}\" role=\"img\" aria-label=\"{AnchorWords.PrecisionPicture(reading)}\">\n")
            .Add($"{PrecisionDrawing.Write(reading.Layout(PictureWidth), anchor.Status)}</svg>\n")
            .Add($"<p>Of rows drawn so that the rule holds, so many got {reading.Class}. The true share lies between <data value=\"{low}\">{Percent.Of(low)}</data> and ")
            .Add($"<data value=\"{high}\">{Percent.Of(high)}</data> with {confidence} confidence; the threshold is {Percent.Chosen(reading.Threshold)}.</p>\n</section>\n")
            .Raw("<section class=\"of-coverage\">\n").Add($"{Heading(heading, "Coverage")}")
            .Add($"<p class=\"figure\"><data value=\"{anchor.Coverage}\">{Percent.Of(anchor.Coverage)}</data></p>\n")
            .Add($"{Strip(new StepBar(1, anchor.Coverage), null)}<p>The rule holds on {reading.CoverageWords}.</p>\n</section>\n");
    }

    /// <summary>What each condition added, as a table with bars in it and as a sentence.</summary>
    /// <param name="reading">The anchor.</param>
    /// <param name="heading">The element of its heading.</param>
    /// <param name="id">The heading's id.</param>
    /// <param name="row">The id of what says which row it is, where there are several; else empty.</param>
    public static Markup Steps(AnchorReading reading, string heading, string id, string row = "")
    {
        if (reading.Steps.Count == 0)
        {
            return new Markup();
        }

        string title = $"{row} {id}".TrimStart();
        Markup table = new Markup().Add($"<section>\n{Heading(heading, "What each condition added", id)}<p>{AnchorWords.StepsTogether(reading)}</p>\n")
            .Add($"<div class=\"scroll\" role=\"region\" aria-labelledby=\"{title}\" tabindex=\"0\">\n<table class=\"steps\" role=\"table\">\n")
            .Raw("<thead role=\"rowgroup\"><tr role=\"row\"><th scope=\"col\" role=\"columnheader\">Condition</th><th scope=\"col\" role=\"columnheader\">Precision so far</th>")
            .Raw("<th scope=\"col\" role=\"columnheader\">Coverage so far</th></tr></thead>\n<tbody role=\"rowgroup\">\n");
        double start = reading.Anchor.BasePrecision;
        table.Add($"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">any row</th><td role=\"cell\">{Cell(start, null)}{Strip(new StepBar(start, start), reading.Threshold)}</td>")
            .Add($"<td role=\"cell\">{Cell(1, null)}{Strip(new StepBar(1, 1), null)}</td></tr>\n");
        foreach (AnchorReadingStep step in reading.Steps)
        {
            table.Add($"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">+ {step.Condition.Text}</th><td role=\"cell\">{Cell(step.Precision.To, step.Precision)}{Strip(step.Precision, reading.Threshold)}</td>")
                .Add($"<td role=\"cell\">{Cell(step.Coverage.To, step.Coverage)}{Strip(step.Coverage, null)}</td></tr>\n");
        }

        return table.Raw("</tbody>\n</table>\n</div>\n")
            .Add($"<p class=\"note\">Bars go from 0 to 100%: blue is what a condition added, dashed what it cost; the line across is the threshold of {Percent.Chosen(reading.Threshold)}. ")
            .Raw("The precisions on the way are estimates from the search's own rows, often few; the last one is the answer's.</p>\n</section>\n");
    }

    public static Markup Heading(string level, string text, string? id = null)
    {
        Markup heading = new Markup().Raw($"<{level}");
        if (id is not null)
        {
            heading.Add($" id=\"{id}\"");
        }

        return heading.Add($">{text}</").Raw(level).Raw(">\n");
    }

    private static Markup Cell(double value, StepBar? bar)
    {
        Markup cell = new Markup().Add($"<data class=\"num\" value=\"{value}\">{Percent.Of(value)}</data>");
        return bar is { } changed ? cell.Add($" <span class=\"change num small\">{Percent.Change(changed.From, changed.To)}</span>") : cell;
    }

    /// <summary>A bar as wide as there is room.</summary>
    private static Markup Strip(StepBar bar, double? threshold) => new Markup()
        .Raw("<svg class=\"strip\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">")
        .Add($"{StepDrawing.Bar(bar, threshold, 0, 0, 100, 10)}</svg>");
}
