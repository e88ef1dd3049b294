using CsCheck;
using Sidecars.Explainers.Answers;

namespace Sidecars.Explainers.Tests.Answers;

public sealed class PrecisionLayoutTests
{
    private const double Width = 340;

    [Fact]
    public void Layout_OfAPrecision_PutsValuesWhereTheAxisSays()
    {
        var layout = new PrecisionLayout(0.97, (0.955, 0.985), 0.95, Width);

        layout.Axis.Should().Be(new PrecisionAxis(0.9, 0.02));
        (double left, double length) = (18, 304);
        layout.Left.Should().Be(left);
        layout.Right.Should().Be(left + length);
        layout.Point.Should().BeApproximately(left + (length * 0.7), 1e-9);
        layout.Low.Should().BeApproximately(left + (length * 0.55), 1e-9);
        layout.High.Should().BeApproximately(left + (length * 0.85), 1e-9);
        layout.Threshold.Should().BeApproximately(left + (length * 0.5), 1e-9);
        layout.Ticks.Select(static t => t.Text).Should().Equal("90%", "92%", "94%", "96%", "98%", "100%");
        layout.Ticks.Select(t => Math.Round((t.X - left) / length, 6)).Should().Equal(0, 0.2, 0.4, 0.6, 0.8, 1);
        layout.ThresholdLabel.Text.Should().Be("threshold 95%");
        layout.PointLabel.Text.Should().Be("97.0%");
        (layout.LowLabel.Text, layout.HighLabel.Text).Should().Be(("95.5%", "98.5%"));
    }

    [Theory]
    [InlineData(0.9999, 0.99)]
    [InlineData(0.99, 0.98)]
    [InlineData(0.97, 0.95)]
    [InlineData(0.95, 0.9)]
    [InlineData(0.9, 0.8)]
    [InlineData(0.7, 0.5)]
    [InlineData(0.51, 0)]
    [InlineData(0, 0)]
    public void Axis_ForALeastValue_BeginsALittleBelowIt(double least, double low)
    {
        var axis = PrecisionAxis.For(least);

        axis.Low.Should().Be(low);
        axis.Ticks.First().Should().Be(low);
        axis.Ticks.Last().Should().Be(1);
    }

    [Theory]
    [InlineData(1, 0.9851, 1, 1)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(0, 0, 0.0295, 0.95)]
    [InlineData(0.9999, 0.99989, 0.99991, 0.9999)]
    [InlineData(0.5, 0.5, 0.5, 0.00000123)]
    public void Labels_AtTheEnds_StayInsideAndApart(double precision, double low, double high, double threshold) =>
        Check(precision, low, high, threshold);

    [Fact]
    public void Labels_OfAnyInterval_StayInsideAndApart() =>
        Gen.Double[0, 1].Array[4].Sample(static values =>
        {
            double[] interval = [values[0], values[1], values[2]];
            Array.Sort(interval);
            Check(interval[1], interval[0], interval[2], values[3]);
        });

    private static void Check(double precision, double low, double high, double threshold)
    {
        var layout = new PrecisionLayout(precision, (low, high), threshold, Width);
        (layout.Low <= layout.Point && layout.Point <= layout.High).Should().BeTrue();
        new[] { layout.Low, layout.Point, layout.High, layout.Threshold }.Should().OnlyContain(x => x >= layout.Left && x <= layout.Right);
        PlacedLabel[] labels = [.. layout.Ticks, layout.ThresholdLabel, layout.PointLabel, layout.LowLabel, layout.HighLabel];
        labels.Should().OnlyContain(static label => label.Left >= -1e-9 && label.Right <= Width + 1e-9);
        layout.LowLabel.Right.Should().BeLessThan(layout.HighLabel.Left);
        layout.Ticks.Zip(layout.Ticks.Skip(1)).Should().OnlyContain(static pair => pair.First.Right < pair.Second.Left);
    }
}
