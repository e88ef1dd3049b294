namespace Sidecars.Explainers.Answers;

/// <summary>Draws a precision, its interval and the threshold. The sign of the point says how it stands, not its colour.</summary>
internal static class PrecisionDrawing
{
    private const double Cap = 5, Radius = 5;

    public static Markup Write(PrecisionLayout at, AnchorStatus status)
    {
        Markup drawing = new Markup()
            .Add($"<rect class=\"zone\" x=\"{at.Threshold:0.##}\" y=\"{Top}\" width=\"{at.Right - at.Threshold:0.##}\" height=\"{PrecisionLayout.AxisY - Top}\" />\n")
            .Add($"<path class=\"axis\" d=\"M{at.Left:0.##} {PrecisionLayout.AxisY}H{at.Right:0.##}");
        foreach (PlacedLabel tick in at.Ticks)
        {
            drawing.Add($"M{tick.X:0.##} {PrecisionLayout.AxisY}v4");
        }

        drawing.Raw("\" fill=\"none\" />\n");
        foreach (PlacedLabel tick in at.Ticks)
        {
            Label(drawing, tick, PrecisionLayout.TicksY, "quiet small");
        }

        drawing.Add($"<path class=\"threshold\" d=\"M{at.Threshold:0.##} {Top}V{PrecisionLayout.AxisY}\" />\n");
        Label(drawing, at.ThresholdLabel, PrecisionLayout.ThresholdY, "small");
        string known = status == AnchorStatus.OutOfTime ? "ink unsure" : "ink";
        drawing.Add($"<path class=\"{known}\" d=\"M{at.Low:0.##} {PrecisionLayout.IntervalY}H{at.High:0.##}\" />\n")
            .Add($"<path class=\"ink\" d=\"M{at.Low:0.##} {PrecisionLayout.IntervalY - Cap}v{2 * Cap}M{at.High:0.##} {PrecisionLayout.IntervalY - Cap}v{2 * Cap}\" />\n");
        Point(drawing, at.Point, status);
        Label(drawing, at.PointLabel, PrecisionLayout.ValueY, "strong halo value");
        Label(drawing, at.LowLabel, PrecisionLayout.EndsY, "small halo");
        Label(drawing, at.HighLabel, PrecisionLayout.EndsY, "small halo");
        return drawing;
    }

    private static double Top => PrecisionLayout.ThresholdY + 5;

    private static void Point(Markup drawing, double x, AnchorStatus status)
    {
        const double Y = PrecisionLayout.IntervalY;
        _ = status switch
        {
            AnchorStatus.Met => drawing.Add($"<circle class=\"dot\" cx=\"{x:0.##}\" cy=\"{Y}\" r=\"{Radius}\" />\n"),
            AnchorStatus.NotMet => drawing.Add($"<path class=\"ring\" d=\"M{x - Radius - 1:0.##} {Y}l{Radius + 1} {-Radius - 1}l{Radius + 1} {Radius + 1}l{-Radius - 1} {Radius + 1}z\" />\n"),
            _ => drawing.Add($"<circle class=\"ring\" cx=\"{x:0.##}\" cy=\"{Y}\" r=\"{Radius}\" />\n"),
        };
    }

    private static void Label(Markup drawing, PlacedLabel label, double y, string style) =>
        drawing.Add($"<text class=\"{style}\" x=\"{label.X:0.##}\" y=\"{y}\" text-anchor=\"middle\">{label.Text}</text>\n");
}
