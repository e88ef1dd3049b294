namespace Sidecars.Explainers.Answers;

/// <summary>
/// Draws a waterfall. Direction is in the arrow's shape and in the number's sign, colour only repeats it. Colours are
/// attributes as well as style: some programs that show SVG do not read styles.
/// </summary>
internal static class WaterfallDrawing
{
    public const string RaiseColour = "#ff0051", LowerColour = "#008bfb";

    private const double Head = 7;

    /// <param name="layout">Where everything stands.</param>
    /// <param name="score">What the axis shows.</param>
    public static Markup Draw(WaterfallLayout layout, string score)
    {
        Markup svg = new();
        foreach ((double x, string text) in layout.Ticks)
        {
            svg.Add($"<path class=\"grid\" stroke=\"#e3e6eb\" d=\"M{x:0.##} 0V{layout.AxisY:0.##}\" />")
                .Add($"<text class=\"quiet small\" fill=\"#565d6b\" x=\"{x:0.##}\" y=\"{layout.AxisY + 16:0.##}\" text-anchor=\"middle\">{text}</text>\n");
        }

        svg.Add($"<path class=\"axis\" stroke=\"#8a92a0\" d=\"M{layout.Left:0.##} {layout.AxisY:0.##}H{layout.Right:0.##}\" />\n");
        double middle = (layout.Left + layout.Right) / 2, half = Math.Min(middle, layout.Width - middle);
        string title = TextWidth.Shorten(score, WaterfallLayout.FontSize, 2 * half);
        svg.Add($"<text class=\"quiet small\" fill=\"#565d6b\" x=\"{middle:0.##}\" y=\"{layout.AxisY + 36:0.##}\" text-anchor=\"middle\">{title}</text>\n");
        foreach ((WaterfallBar above, WaterfallBar bar) in layout.Bars.Zip(layout.Bars.Skip(1)))
        {
            svg.Add($"<path class=\"link\" stroke=\"#8a92a0\" d=\"M{bar.Start:0.##} {above.Y:0.##}V{bar.Y:0.##}\" />\n");
        }

        // Names and arrows lie over the lines that link them.
        for (int i = 0; i < layout.Bars.Count; i++)
        {
            bool first = i == 0, last = i == layout.Bars.Count - 1;
            svg.Add($"<g><title>{layout.Bars[i].FullName}: {layout.Bars[i].Number}</title>");
            DrawName(svg, layout, layout.Bars[i], first || last);
            DrawBar(svg, layout, layout.Bars[i], first, last);
            svg.Raw("</g>\n");
        }

        return svg;
    }

    /// <summary>The outline of an arrow from its tail to its tip; a short one is all head, and never thinner than a line.</summary>
    public static string Arrow(double start, double end, double y, double height)
    {
        double length = Math.Abs(end - start), direction = end < start ? -1 : 1, half = height / 2;
        if (length < 1.5)
        {
            (start, length) = (end - (1.5 * direction), 1.5);
        }

        double neck = end - (direction * Math.Min(Head, length));
        return FormattableString.Invariant(
            $"M{start:0.##} {y - half:0.##}H{neck:0.##}L{end:0.##} {y:0.##}L{neck:0.##} {y + half:0.##}H{start:0.##}Z");
    }

    private static void DrawName(Markup svg, WaterfallLayout layout, WaterfallBar bar, bool isEnd)
    {
        string anchor = layout.NamesEndAtBars ? "end" : "start";
        svg.Add($"<text{new Markup().Raw(isEnd ? " class=\"name strong\"" : " class=\"name\"")} x=\"{bar.NameX:0.##}\" y=\"{bar.NameY:0.##}\" text-anchor=\"{anchor}\"><tspan>{bar.Name}</tspan>");
        if (bar.Cell is { } cell)
        {
            svg.Add($"<tspan class=\"quiet\" fill=\"#565d6b\"> = </tspan><tspan class=\"quiet\" fill=\"#565d6b\">{cell}</tspan>");
        }

        svg.Raw("</text>");
    }

    private static void DrawBar(Markup svg, WaterfallLayout layout, WaterfallBar bar, bool first, bool last)
    {
        if (first || last)
        {
            svg.Add($"<circle class=\"{(last ? "dot" : "ring")}\" cx=\"{bar.End:0.##}\" cy=\"{bar.Y:0.##}\" r=\"4\" />");
        }
        else if (bar.Raises is { } raises)
        {
            (string name, string colour) = raises ? ("raise", RaiseColour) : ("lower", LowerColour);
            svg.Add($"<path class=\"{name}\" fill=\"{colour}\" d=\"{Arrow(bar.Start, bar.End, bar.Y, layout.BarHeight)}\" />");
        }
        else
        {
            svg.Add($"<path class=\"ink\" stroke=\"#16181d\" d=\"M{bar.End:0.##} {bar.Y - 4:0.##}V{bar.Y + 4:0.##}\" />");
        }

        if (bar.Error >= 1)
        {
            svg.Add($"<path class=\"ink\" stroke=\"#16181d\" fill=\"none\" d=\"M{bar.End - bar.Error:0.##} {bar.Y - 3:0.##}v6m0 -3H{bar.End + bar.Error:0.##}m0 -3v6\" />");
        }

        (double x, string anchor) = bar.NumberEnds ? (bar.NumberX + bar.NumberWidth, "end") : (bar.NumberX, "start");
        svg.Add($"<text{new Markup().Raw(first || last ? " class=\"strong\"" : "")} x=\"{x:0.##}\" y=\"{bar.NumberY:0.##}\" text-anchor=\"{anchor}\">{bar.Number}</text>");
    }
}
