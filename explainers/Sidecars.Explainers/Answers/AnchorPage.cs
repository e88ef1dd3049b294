using System.Globalization;

namespace Sidecars.Explainers.Answers;

/// <summary>Anchors as a page: one with everything that is known of it, several under an overview of all.</summary>
internal static class AnchorPage
{
    /// <summary>The most rows that are shown.</summary>
    public const int MostRows = 50;

    private static readonly string s_style = PageFrame.Read("anchor.css") + PageFrame.Read("anchor-page.css");

    public static Markup Write(AnswerSource source, IReadOnlyList<(AnchorExplanation Anchor, RunFacts Run)> anchors)
    {
        AnchorReading[] readings = [.. anchors.Take(MostRows).Select(a => new AnchorReading(source, a.Anchor, a.Run))];
        return anchors.Count == 1 ? One(readings[0]) : Several(source, readings, anchors);
    }

    private static Markup One(AnchorReading reading)
    {
        Markup content = PageParts.Header(
            $"Anchor, {reading.Run.Method}",
            Verdict(reading),
            new Markup().Add($"{AnchorWords.Meaning(reading)}"),
            Badge(reading));
        content.Add($"{AnchorSections.Answer(reading, "h2")}{Help()}{AnchorSections.Steps(reading, "h2", "steps")}")
            .Add($"{AnchorRows.Write(reading, "h2", "rows")}{PageParts.Run(reading.Run, Data(reading))}{PageParts.Parameters(reading.Source)}{PageParts.Footer(reading.Run)}");
        return PageFrame.Around($"{reading.Model} says {reading.Class}: the anchor", content, s_style);
    }

    private static Markup Several(AnswerSource source, AnchorReading[] readings, IReadOnlyList<(AnchorExplanation Anchor, RunFacts Run)> anchors)
    {
        Markup content = PageParts.Header(
            $"Anchors, {anchors[0].Run.Method}",
            new Markup().Add($"<bdi>{source.ModelName}</bdi>: {NumberText.Count(anchors.Count)} rows"),
            new Markup().Add($"{AnchorOverview.Lead(readings, anchors.Count)}"));
        content.Add($"{AnchorOverview.Table(readings)}<h2>Row by row</h2>\n{Help()}");
        for (int row = 0; row < readings.Length; row++)
        {
            AnchorReading reading = readings[row];
            content.Add($"<details>\n<summary><span class=\"which\" id=\"which-{row + 1}\">Row {row + 1}</span>{Verdict(reading)}</summary>\n<div class=\"inner\" id=\"row-{row + 1}\">\n")
                .Add($"<p class=\"badges\">{Badge(reading)}</p>\n<p class=\"lead\">{AnchorWords.Meaning(reading)}</p>\n")
                .Add($"{AnchorSections.Answer(reading, "h3")}")
                .Add($"{AnchorSections.Steps(reading, "h3", $"steps-{row + 1}", $"which-{row + 1}")}")
                .Add($"{AnchorRows.Write(reading, "h3", $"rows-{row + 1}", $"which-{row + 1}")}")
                .Add($"<h3>What it took</h3>\n{PageParts.Facts(Cost(reading))}</div>\n</details>\n");
        }

        content.Add($"<h2>How it was made</h2>\n{PageParts.Facts(Together(source, anchors))}")
            .Add($"{PageParts.Parameters(source)}{PageParts.Footer(readings[0].Run)}");
        return PageFrame.Around(string.Create(CultureInfo.InvariantCulture, $"{source.ModelName}: anchors of {anchors.Count} rows"), content, s_style);
    }

    private static Markup Help() => PageParts.Help(string.Join(' ', AnchorWords.ReadingHelp));

    private static Markup Verdict(AnchorReading reading) => new Markup().Add($"<bdi>{reading.Model}</bdi> says <bdi>{reading.Class}</bdi>");

    private static Markup Badge(AnchorReading reading) => AnchorSections.Badge(reading.Anchor.Status, AnchorWords.Badge(reading.Anchor.Status));

    private static IEnumerable<(string Term, string Detail)> Data(AnchorReading reading) =>
        reading.TrainRows is { } rows ? [("Training rows", NumberText.Count(rows))] : [];

    private static IEnumerable<(string Term, string Detail)> Cost(AnchorReading reading) =>
    [
        ("Elapsed", NumberText.Duration(reading.Run.Elapsed)),
        ("Of that the model", NumberText.Duration(reading.Run.ModelTime)),
        ("Predictor calls", NumberText.Count(reading.Run.Calls)),
        ("Rows scored", NumberText.Count(reading.Run.Rows)),
    ];

    /// <summary>What all rows share, and what they took together; not their times, which overlap.</summary>
    private static IEnumerable<(string Term, string Detail)> Together(AnswerSource source, IReadOnlyList<(AnchorExplanation Anchor, RunFacts Run)> anchors)
    {
        RunFacts first = anchors[0].Run;
        yield return ("Method", first.Method);
        if (first.Reference is { } reference)
        {
            yield return ("Training rows", NumberText.Count(reference.Rows));
        }

        yield return ("Predictor calls", NumberText.Count(anchors.Sum(static a => a.Run.Calls)));
        yield return ("Rows scored", NumberText.Count(anchors.Sum(static a => a.Run.Rows)));
        yield return ("Seed", NumberText.Whole(source.Settings.Seed));
    }
}
