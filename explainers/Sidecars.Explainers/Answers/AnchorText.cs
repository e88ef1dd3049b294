using System.Globalization;

namespace Sidecars.Explainers.Answers;

/// <summary>Anchors for terminals and logs.</summary>
internal static class AnchorText
{
    /// <summary>The most rows that are told of.</summary>
    public const int MostRows = 50;

    private const int Key = 12, Share = 11;

    public static string Write(AnswerSource source, IReadOnlyList<(AnchorExplanation Anchor, RunFacts Run)> anchors)
    {
        var lines = new TextLines();
        for (int row = 0; row < Math.Min(anchors.Count, MostRows); row++)
        {
            var reading = new AnchorReading(source, anchors[row].Anchor, anchors[row].Run);
            string which = anchors.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"row {row + 1} of {anchors.Count}: ");
            (row == 0 ? lines : lines.Add()).Add($"{which}{source.ModelName} says {reading.Class}", 2);
            Rule(lines, reading);
            Found(lines, reading);
            Steps(lines, reading);
            Cost(lines, reading);
        }

        if (anchors.Count > MostRows)
        {
            lines.Add().Add(string.Create(CultureInfo.InvariantCulture, $"The first {MostRows} of {anchors.Count} rows; all are in the answer as JSON."));
        }

        return lines.ToString();
    }

    private static void Rule(TextLines lines, AnchorReading reading)
    {
        lines.Add();
        if (reading.Conditions.Count == 0)
        {
            lines.Add("  " + AnchorWords.EmptyRule(reading), 2).Add();
            return;
        }

        for (int i = 0; i < reading.Conditions.Count; i++)
        {
            lines.Add($"  {(i == 0 ? "IF  " : "AND ")} {reading.Anchor.Names[i]}   (this row: {TextColumns.Plain(reading.Conditions[i].Value)})", 7);
        }

        lines.Add($"  THEN {reading.Model} says {reading.Class}", 7).Add();
    }

    private static void Found(TextLines lines, AnchorReading reading)
    {
        AnchorExplanation anchor = reading.Anchor;
        Fact(lines, "precision", $"{Percent.Of(anchor.Precision)} [{Percent.Of(anchor.PrecisionInterval.Low)}, {Percent.Of(anchor.PrecisionInterval.High)}]"
            + $", threshold {Percent.Chosen(reading.Threshold)}: {AnchorWords.Status(anchor.Status)}");
        Fact(lines, "", $"(in brackets, where it lies with {Percent.Chosen(anchor.Confidence)} confidence)");
        Fact(lines, "coverage", $"{Percent.Of(anchor.Coverage)}, {reading.CoverageWords}");
        Fact(lines, "status", AnchorWords.Meaning(reading));
    }

    private static void Steps(TextLines lines, AnchorReading reading)
    {
        if (reading.Steps.Count == 0)
        {
            return;
        }

        const int Words = TextLines.Columns - 2 - (2 * Share);
        lines.Add().Add("  " + TextColumns.Fit("step by step", Words) + "precision".PadLeft(Share) + "coverage".PadLeft(Share));
        lines.Add("  " + TextColumns.Fit("any row", Words) + Percent.Of(reading.Anchor.BasePrecision).PadLeft(Share) + Percent.Of(1).PadLeft(Share));
        for (int i = 0; i < reading.Steps.Count; i++)
        {
            AnchorReadingStep step = reading.Steps[i];
            lines.Add("  " + TextColumns.Fit($"+ {reading.Anchor.Names[i]}", Words)
                + Percent.Of(step.Precision.To).PadLeft(Share) + Percent.Of(step.Coverage.To).PadLeft(Share));
        }
    }

    private static void Cost(TextLines lines, AnchorReading reading)
    {
        RunFacts run = reading.Run;
        lines.Add();
        Fact(lines, "cost", $"{NumberText.Duration(run.Elapsed)}, of that the model {NumberText.Duration(run.ModelTime)}; "
            + $"{NumberText.Count(run.Rows)} rows scored in {NumberText.Count(run.Calls)} calls");
        Fact(lines, "method", $"{run.Method}, seed {TextColumns.Plain(NumberText.Whole(run.Seed))}");
    }

    private static void Fact(TextLines lines, string key, string value) => lines.Add("  " + key.PadRight(Key) + value, Key + 2);
}
