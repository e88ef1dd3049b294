namespace Sidecars.Explainers.Answers;

/// <summary>
/// Where everything stands in the picture of a precision: its interval and the threshold on one axis. From the top: the
/// threshold's label, the precision's, the interval, the labels of its ends, the axis, its ticks' labels.
/// </summary>
internal sealed class PrecisionLayout
{
    public const double Size = 12, ValueSize = 15;
    public const double ThresholdY = 12, ValueY = 34, IntervalY = 48, EndsY = 69, AxisY = 80, TicksY = 97, Height = 104;

    /// <summary>From the picture's sides to the axis' ends, so that half of a label fits.</summary>
    public const double Margin = 18;

    private const double Gap = 8;

    public PrecisionLayout(double precision, (double Low, double High) interval, double threshold, double width)
    {
        Width = width;
        Axis = PrecisionAxis.For(Math.Min(interval.Low, Math.Min(precision, threshold)));
        Point = X(precision);
        (Low, High) = (X(interval.Low), X(interval.High));
        Threshold = X(threshold);
        Ticks = [.. Axis.Ticks.Select(t => Label(Percent.Chosen(t), Size, X(t)))];
        ThresholdLabel = Label($"threshold {Percent.Chosen(threshold)}", Size, Threshold);
        PointLabel = Label(Percent.Of(precision), ValueSize, Point);
        (LowLabel, HighLabel) = PlacedLabel.Pair(Label(Percent.Of(interval.Low), Size, Low), Label(Percent.Of(interval.High), Size, High), Gap, 0, width);
    }

    public double Width { get; }

    public PrecisionAxis Axis { get; }

    /// <summary>The axis' ends.</summary>
    public double Left => Margin;

    public double Right => Width - Margin;

    /// <summary>Where the precision, the ends of its interval and the threshold stand.</summary>
    public double Point { get; }

    public double Low { get; }

    public double High { get; }

    public double Threshold { get; }

    public IReadOnlyList<PlacedLabel> Ticks { get; }

    public PlacedLabel ThresholdLabel { get; }

    public PlacedLabel PointLabel { get; }

    public PlacedLabel LowLabel { get; }

    public PlacedLabel HighLabel { get; }

    private double X(double value) => Left + (Axis.At(value) * (Right - Left));

    private PlacedLabel Label(string text, double size, double x) => PlacedLabel.At(text, size, x, 0, Width);
}
