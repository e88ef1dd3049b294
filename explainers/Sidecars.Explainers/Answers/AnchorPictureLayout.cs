namespace Sidecars.Explainers.Answers;

/// <summary>
/// Where the parts of one anchor stand in its picture, from the top: what the model says, how sure that is, the rule, its
/// precision with its coverage beside it, and the steps. Lines are wrapped here, so that nothing is wider than the picture.
/// </summary>
internal sealed class AnchorPictureLayout
{
    public const double Width = 720, Left = 24, Right = Width - Left;
    public const double HeadingSize = 20, TextSize = 13, RuleSize = 15;
    public const double RuleX = 84, PrecisionWidth = 430, CoverageX = 490, PrecisionX = Left - PrecisionLayout.Margin;
    public const double StepTextWidth = 276, StepPrecisionX = 316, StepPrecisionEnd = 492, StepCoverageX = 524, StepBarWidth = 112;
    public const double StepHeight = 26, BarHeight = 9;

    private const double HeadingLine = 26, TextLine = 18, RuleLine = 22, ValueWidth = 190, Pad = 14;

    public AnchorPictureLayout(AnchorReading reading, string which)
    {
        double y = 14;
        Heading = Lines($"{which}{reading.Model} says {reading.Class}", HeadingSize * TextWidth.Bold, Left, HeadingLine, ref y);
        y += 4;
        Status = Lines($"{AnchorWords.Sign(reading.Anchor.Status)} {AnchorWords.Badge(reading.Anchor.Status)}: {AnchorWords.Meaning(reading)}", TextSize, Left, TextLine, ref y);
        y += 12;
        SheetTop = y;
        y += Pad;
        Rule = [.. RuleParts(reading).Select(part => RulePart(part.Word, part.Text, part.Value, ref y))];
        y += Pad;
        SheetHeight = y - SheetTop;
        y += 30;
        PanelsY = y;
        y += PrecisionLayout.Height + 42;
        StepsY = y;
        StepCount = reading.Steps.Count == 0 ? 0 : reading.Steps.Count + 1;
        Height = StepCount == 0 ? y : y + 14 + (StepCount * StepHeight) + 12;
    }

    public IReadOnlyList<(string Text, double Y)> Heading { get; }

    public IReadOnlyList<(string Text, double Y)> Status { get; }

    /// <summary>The box behind the rule.</summary>
    public double SheetTop { get; }

    public double SheetHeight { get; }

    public IReadOnlyList<(string Word, IReadOnlyList<(string Text, double Y)> Lines, string Value)> Rule { get; }

    /// <summary>The headings of precision and coverage.</summary>
    public double PanelsY { get; }

    /// <summary>The steps' heading.</summary>
    public double StepsY { get; }

    public int StepCount { get; }

    public double Height { get; }

    /// <summary>The line of a step's text.</summary>
    public double StepY(int step) => StepsY + 14 + ((step + 0.5) * StepHeight) + 4;

    private static IEnumerable<(string Word, string Text, string Value)> RuleParts(AnchorReading reading)
    {
        if (reading.Conditions.Count == 0)
        {
            yield return ("", AnchorWords.EmptyRule(reading), "");
            yield break;
        }

        for (int i = 0; i < reading.Conditions.Count; i++)
        {
            AnchorCondition condition = reading.Conditions[i];
            yield return (i == 0 ? "IF" : "AND", condition.Text, TextWidth.Shorten($"this row: {condition.Value}", TextSize, ValueWidth));
        }

        yield return ("THEN", $"{reading.Model} says {reading.Class}", "");
    }

    private static (string, IReadOnlyList<(string, double)>, string) RulePart(string word, string text, string value, ref double y)
    {
        double x = word.Length == 0 ? Left + Pad : RuleX;
        double right = Right - Pad - (value.Length == 0 ? 0 : ValueWidth + Pad);
        var lines = new List<(string, double)>();
        y += word == "THEN" ? Pad : 0;
        foreach (string line in TextWidth.Wrap(text, RuleSize, right - x))
        {
            y += RuleLine;
            lines.Add((line, y - 6));
        }

        return (word, lines, value);
    }

    private static IReadOnlyList<(string, double)> Lines(string text, double size, double x, double height, ref double y)
    {
        var lines = new List<(string, double)>();
        foreach (string line in TextWidth.Wrap(text, size, Right - x))
        {
            y += height;
            lines.Add((line, y - 6));
        }

        return lines;
    }
}
