namespace Sidecars.Explainers.Answers;

/// <summary>Draws what one step did to a share, as a bar from 0 to 100%.</summary>
internal static class StepDrawing
{
    /// <summary>What stayed is full, what came is in the second colour, what went is an outline; perhaps a line across at the threshold.</summary>
    public static Markup Bar(StepBar bar, double? threshold, double x, double y, double width, double height)
    {
        Markup drawing = new Markup()
            .Add($"<rect class=\"kept\" x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{bar.Kept * width:0.##}\" height=\"{height}\" />");
        if (bar.Changed > 0)
        {
            drawing.Add($"<rect class=\"{(bar.Grew ? "gained" : "lost")}\" x=\"{x + (bar.Kept * width):0.##}\" y=\"{y:0.##}\" width=\"{bar.Changed * width:0.##}\" height=\"{height}\" />");
        }

        if (bar is { Grew: true, Kept: > 0 })
        {
            // Where it came to, also for those who see no colours.
            drawing.Add($"<path class=\"cut\" d=\"M{x + (bar.Kept * width):0.##} {y:0.##}v{height}\" />");
        }

        if (threshold is { } mark)
        {
            double at = x + (mark * width);
            drawing.Add($"<path class=\"threshold\" d=\"M{at:0.##} {y - 2:0.##}V{y + height + 2:0.##}\" />");
        }

        return drawing.Raw("\n");
    }
}
