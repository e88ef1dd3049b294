namespace Sidecars.Explainers.Answers;

/// <summary>One row and output on a page: the picture, for either width of screen, the table beside it, and the sum.</summary>
internal static class ShapFigure
{
    /// <summary>So many steps a picture has.</summary>
    public const int MostSteps = 12;

    public static Markup Write(AnswerSource source, ShapExplanation shap, ShapView view)
    {
        Markup figure = new Markup().Raw("<div class=\"pair\">\n<figure>\n");
        if (view.IsFinite)
        {
            WaterfallStep[] steps = WaterfallStep.Of(view, MostSteps);
            figure.Add($"{Picture(source, view, steps, WaterfallShape.Wide, "wide")}{Picture(source, view, steps, WaterfallShape.Narrow, "narrow")}")
                .Add($"<figcaption class=\"note\">{Legend(shap, steps)}</figcaption>\n");
        }
        else
        {
            figure.Raw("<p class=\"note\">There is no picture: the model answered no number, or a value is none.</p>\n");
        }

        return figure.Add($"{ShapSum.Of(view).ToMarkup()}</figure>\n<div>\n{ShapTable.Write(view)}</div>\n</div>\n");
    }

    /// <summary>The picture in words.</summary>
    public static string Describe(ShapView view, WaterfallStep[] steps) =>
        $"From the base value {view.Numbers.Text(view.Base)}, the {view.Score} goes by "
        + string.Join(", ", steps.Select(step => $"{(step.Cell is null ? step.Name : $"{step.Name} = {step.Cell}")} {view.Numbers.Signed(step.Effect)}"))
        + $" to f(x) = {view.Numbers.Text(view.Prediction)}.";

    private static Markup Picture(AnswerSource source, ShapView view, WaterfallStep[] steps, WaterfallShape shape, string name)
    {
        var layout = new WaterfallLayout(shape, steps, view.Base, view.Prediction, view.Numbers);
        string id = FormattableString.Invariant($"{name}-{view.Row}-{view.Output}");
        return new Markup()
            .Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{name}\" viewBox=\"0 0 {layout.Width:0.##} {layout.Height:0.##}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\n")
            .Add($"<title id=\"{id}-t\">Why {ShapWords.Verdict(source, view)}</title>\n<desc id=\"{id}-d\">{Describe(view, steps)}</desc>\n")
            .Add($"{WaterfallDrawing.Draw(layout, view.Score)}</svg>\n");
    }

    private static Markup Legend(ShapExplanation shap, WaterfallStep[] steps)
    {
        Markup legend = new Markup()
            .Raw("<span class=\"key\"><span class=\"way up\" aria-hidden=\"true\"></span>+ raises f(x)</span> <span class=\"key\"><span class=\"way down\" aria-hidden=\"true\"></span>− lowers it</span>");
        return shap.StandardErrors is not null && steps.Any(static step => step.Error > 0)
            ? legend.Raw(" <span class=\"key\"><span class=\"whisker\" aria-hidden=\"true\"></span>± 1 standard error</span>")
            : legend;
    }
}
