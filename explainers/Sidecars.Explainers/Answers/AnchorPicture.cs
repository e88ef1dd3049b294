using System.Globalization;

namespace Sidecars.Explainers.Answers;

/// <summary>Anchors as one picture; several stand one below the other.</summary>
internal static class AnchorPicture
{
    /// <summary>The most rows that are drawn.</summary>
    public const int MostRows = 20;

    private const double Width = AnchorPictureLayout.Width, Left = AnchorPictureLayout.Left, Right = AnchorPictureLayout.Right;

    private static readonly string s_style = PageFrame.Read("anchor.css");

    public static Markup Write(AnswerSource source, IReadOnlyList<(AnchorExplanation Anchor, RunFacts Run)> anchors)
    {
        var content = new Markup();
        var description = new List<string>();
        double y = 0;
        for (int row = 0; row < Math.Min(anchors.Count, MostRows); row++)
        {
            var reading = new AnchorReading(source, anchors[row].Anchor, anchors[row].Run);
            string which = anchors.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"Row {row + 1}: ");
            var layout = new AnchorPictureLayout(reading, which);
            content.Add($"<g transform=\"translate(0 {y:0.##})\">\n");
            if (row > 0)
            {
                content.Add($"<path class=\"grid\" d=\"M{Left} 4H{Right}\" />\n");
            }

            One(content, reading, layout);
            content.Raw("</g>\n");
            description.Add(which + AnchorWords.Summary(reading));
            y += layout.Height;
        }

        if (anchors.Count > MostRows)
        {
            string more = string.Create(CultureInfo.InvariantCulture, $"The first {MostRows} of {anchors.Count} rows; all are in the answer as JSON.");
            content.Add($"<text class=\"quiet\" x=\"{Left}\" y=\"{y + 16:0.##}\">{more}</text>\n");
            description.Add(more);
            y += 32;
        }

        string title = anchors.Count == 1
            ? $"{source.ModelName} says {AnchorReading.ClassName(source.Schema, anchors[0].Anchor.Label)}: the anchor"
            : string.Create(CultureInfo.InvariantCulture, $"{source.ModelName}: anchors of {anchors.Count} rows");
        return PageFrame.Picture(Width, Math.Ceiling(y), title, string.Join(' ', description), content, s_style);
    }

    private static void One(Markup to, AnchorReading reading, AnchorPictureLayout at)
    {
        foreach ((string text, double y) in at.Heading)
        {
            to.Add($"<text class=\"heading\" x=\"{Left}\" y=\"{y:0.##}\">{text}</text>\n");
        }

        foreach ((string text, double y) in at.Status)
        {
            to.Add($"<text x=\"{Left}\" y=\"{y:0.##}\">{text}</text>\n");
        }

        Rule(to, at);
        Panels(to, reading, at);
        if (at.StepCount > 0)
        {
            Steps(to, reading, at);
        }
    }

    private static void Rule(Markup to, AnchorPictureLayout at)
    {
        to.Add($"<rect class=\"sheet\" x=\"{Left}\" y=\"{at.SheetTop:0.##}\" width=\"{Right - Left}\" height=\"{at.SheetHeight:0.##}\" rx=\"6\" />\n");
        foreach ((string word, IReadOnlyList<(string Text, double Y)> lines, string value) in at.Rule)
        {
            double first = lines[0].Y;
            if (word.Length > 0)
            {
                to.Add($"<text class=\"quiet small strong\" x=\"{Left + 14}\" y=\"{first:0.##}\">{word}</text>\n");
            }

            foreach ((string text, double y) in lines)
            {
                to.Add($"<text class=\"rule\" x=\"{(word.Length > 0 ? AnchorPictureLayout.RuleX : Left + 14)}\" y=\"{y:0.##}\">{text}</text>\n");
            }

            if (value.Length > 0)
            {
                to.Add($"<text class=\"quiet\" x=\"{Right - 14}\" y=\"{first:0.##}\" text-anchor=\"end\">{value}</text>\n");
            }
        }
    }

    private static void Panels(Markup to, AnchorReading reading, AnchorPictureLayout at)
    {
        const double X = AnchorPictureLayout.CoverageX;
        double y = at.PanelsY;
        AnchorExplanation anchor = reading.Anchor;
        to.Add($"<text class=\"strong\" x=\"{Left}\" y=\"{y:0.##}\">Precision</text>\n")
            .Add($"<text class=\"quiet small\" x=\"{Left + 74}\" y=\"{y:0.##}\">where it lies with {Percent.Chosen(anchor.Confidence)} confidence</text>\n")
            .Add($"<g transform=\"translate({AnchorPictureLayout.PrecisionX} {y + 12:0.##})\">\n{PrecisionDrawing.Write(reading.Layout(AnchorPictureLayout.PrecisionWidth), anchor.Status)}</g>\n")
            .Add($"<text class=\"strong\" x=\"{X}\" y=\"{y:0.##}\">Coverage</text>\n")
            .Add($"<text class=\"big\" x=\"{X}\" y=\"{y + 42:0.##}\">{Percent.Of(anchor.Coverage)}</text>\n")
            .Add($"{StepDrawing.Bar(new StepBar(1, anchor.Coverage), null, X, y + 54, Right - X, 11)}")
            .Add($"<text class=\"quiet small\" x=\"{X}\" y=\"{y + 84:0.##}\">{reading.CoverageWords}</text>\n");
    }

    private static void Steps(Markup to, AnchorReading reading, AnchorPictureLayout at)
    {
        const double End = AnchorPictureLayout.StepPrecisionEnd;
        to.Add($"<text class=\"strong\" x=\"{Left}\" y=\"{at.StepsY:0.##}\">Step by step</text>\n")
            .Add($"<text class=\"quiet small\" x=\"{AnchorPictureLayout.StepPrecisionX}\" y=\"{at.StepsY:0.##}\">precision</text>\n")
            .Add($"<text class=\"quiet small\" x=\"{AnchorPictureLayout.StepCoverageX}\" y=\"{at.StepsY:0.##}\">coverage</text>\n");
        Step(0, "any row", new StepBar(reading.Anchor.BasePrecision, reading.Anchor.BasePrecision), new StepBar(1, 1));
        for (int i = 0; i < reading.Steps.Count; i++)
        {
            AnchorReadingStep step = reading.Steps[i];
            Step(i + 1, $"+ {step.Condition.Text}", step.Precision, step.Coverage);
        }

        void Step(int index, string text, StepBar precision, StepBar coverage)
        {
            const double Bar = AnchorPictureLayout.StepBarWidth;
            double y = at.StepY(index), top = y - AnchorPictureLayout.BarHeight;
            to.Add($"<text x=\"{Left}\" y=\"{y:0.##}\">{TextWidth.Shorten(text, AnchorPictureLayout.TextSize, AnchorPictureLayout.StepTextWidth)}</text>\n")
                .Add($"{StepDrawing.Bar(precision, reading.Threshold, AnchorPictureLayout.StepPrecisionX, top, Bar, AnchorPictureLayout.BarHeight)}")
                .Add($"<text class=\"small\" x=\"{End}\" y=\"{y:0.##}\" text-anchor=\"end\">{Percent.Of(precision.To)}</text>\n")
                .Add($"{StepDrawing.Bar(coverage, null, AnchorPictureLayout.StepCoverageX, top, Bar, AnchorPictureLayout.BarHeight)}")
                .Add($"<text class=\"small\" x=\"{Right}\" y=\"{y:0.##}\" text-anchor=\"end\">{Percent.Of(coverage.To)}</text>\n");
        }
    }
}
