namespace Sidecars.Explainers.Answers;

/// <summary>The picture alone: one waterfall for each row, of the class that was predicted.</summary>
internal static class ShapPicture
{
    /// <summary>So many rows a picture has.</summary>
    public const int Most = 20;

    private const double Around = 20, TitleHeight = 68, Between = 28, NoteHeight = 24;

    public static Markup Write(AnswerSource source, TabularData rows, ShapExplanation shap)
    {
        string[] players = source.Players(shap.Players);
        int drawn = Math.Min(shap.Rows, Most);
        Markup content = new();
        var said = new List<string>();
        string title = $"{source.ModelName}: {shap.Rows} rows";
        double y = Around;
        for (int row = 0; row < drawn; row++)
        {
            var view = new ShapView(source, rows, shap, players, row, ShapWords.Outputs(shap, row)[0]);
            string name = (shap.Rows > 1 ? $"Row {row + 1}: " : "") + ShapWords.Verdict(source, view);
            (Markup drawing, double height, string words) = Row(shap, view, name);
            content.Add($"<g transform=\"translate({Around:0} {y:0.##})\">\n{drawing}</g>\n");
            said.Add($"{name}. {words}");
            title = shap.Rows == 1 ? name : title;
            y += height + (row + 1 < drawn ? Between : 0);
        }

        if (drawn < shap.Rows)
        {
            string note = $"{NumberText.Count(shap.Rows - drawn)} more rows are not drawn.";
            content.Add($"<text class=\"quiet\" fill=\"#565d6b\" x=\"{Around:0}\" y=\"{y + NoteHeight:0.##}\">{note}</text>\n");
            said.Add(note);
            y += NoteHeight;
        }

        return PageFrame.Picture(WaterfallShape.Wide.Width + (2 * Around), y + Around, title, string.Join(' ', said), content);
    }

    private static (Markup Drawing, double Height, string Words) Row(ShapExplanation shap, ShapView view, string title)
    {
        string sum = $"{ShapSum.Of(view)}, {view.Score}";
        string how = $"{shap.Method}, {(shap.OutOfTime ? "out of time: " : "")}{ShapWords.Certainty(shap)}";
        double room = WaterfallShape.Wide.Width;
        Markup drawing = new Markup()
            .Add($"<text class=\"strong\" style=\"font-size:16px\" font-size=\"16\" x=\"4\" y=\"14\">{TextWidth.Shorten(title, 16, room)}</text>\n")
            .Add($"<text class=\"quiet\" fill=\"#565d6b\" x=\"4\" y=\"34\">{TextWidth.Shorten(sum, WaterfallLayout.FontSize, room)}</text>\n")
            .Add($"<text class=\"quiet\" fill=\"#565d6b\" x=\"4\" y=\"52\">{TextWidth.Shorten(how, WaterfallLayout.FontSize, room)}</text>\n");
        if (!view.IsFinite)
        {
            const string Nothing = "There is nothing to draw: the model answered no number, or a value is none.";
            return (drawing.Add($"<text x=\"4\" y=\"78\">{Nothing}</text>\n"), TitleHeight + 20, Nothing);
        }

        WaterfallStep[] steps = WaterfallStep.Of(view, ShapFigure.MostSteps);
        var layout = new WaterfallLayout(WaterfallShape.Wide, steps, view.Base, view.Prediction, view.Numbers);
        drawing.Add($"<g transform=\"translate(0 {TitleHeight:0})\">\n{WaterfallDrawing.Draw(layout, view.Score)}</g>\n");
        return (drawing, TitleHeight + layout.Height, ShapFigure.Describe(view, steps));
    }
}
