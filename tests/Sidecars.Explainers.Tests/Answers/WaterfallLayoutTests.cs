using Sidecars.Explainers.Answers;

namespace Sidecars.Explainers.Tests.Answers;

/// <summary>A waterfall's geometry says what its numbers say, and nothing of it lies over something else or outside.</summary>
public sealed class WaterfallLayoutTests
{
    public static TheoryData<string, bool> Cases
    {
        get
        {
            TheoryData<string, bool> all = [];
            foreach (string name in s_cases.Keys)
            {
                all.Add(name, true);
                all.Add(name, false);
            }

            return all;
        }
    }

    private static readonly Dictionary<string, ShapCase> s_cases = new()
    {
        ["some"] = new ShapCase(),
        ["one"] = ShapCase.Of(1),
        ["many"] = ShapCase.Of(200),
        ["twelve"] = ShapCase.Of(12),
        ["thirteen"] = ShapCase.Of(13),
        ["tiny"] = ShapCase.Of(5, 1e-9),
        ["huge"] = ShapCase.Of(5, 1e9),
        ["astronomic"] = ShapCase.Of(5, 1e200),
        ["little on much"] = ShapCase.Of(5) with { Base = [123456789.1] },
        ["nothing on much"] = ShapCase.Of(5, 1e-7) with { Base = [123456789.1] },
        ["below"] = new ShapCase { Values = [-0.5, -0.25, -0.125], Base = [-3] },
        ["above"] = new ShapCase { Values = [0.5, 0.25, 0.125] },
        ["zeros"] = new ShapCase { Values = [0, 0, 0] },
        ["all zero"] = new ShapCase { Values = [0, 0, 0], Base = [0] },
        ["errors"] = new ShapCase { Errors = [0.5, 0.01, 0] },
        ["long"] = new ShapCase { Features = [new string('w', 300), "b", "界界界界界界界界界界界界界界界界界界界界界界界界界界界界界界"], Categories = [null, ["x", new string('y', 200)], null] },
        ["off the sum"] = new ShapCase { Predictions = [0.6] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bars_FromBaseToAnswer_AddUpOnTheAxis(string name, bool wide)
    {
        (WaterfallLayout layout, WaterfallStep[] steps, ShapView view) = Lay(name, wide);

        // What a pixel can tell: the width of the axis in 15 digits, and the rounding of large ends.
        double precision = (Math.Abs(layout.Value(layout.Right) - layout.Value(layout.Left)) * 1e-9) + (Math.Abs(view.Base) * 1e-12);
        layout.Bars.Should().HaveCount(steps.Length + 2);
        layout.Value(layout.Bars[0].End).Should().BeApproximately(view.Base, precision);
        layout.Value(layout.Bars[^1].End).Should().BeApproximately(view.Prediction, precision);
        layout.Bars[^1].Start.Should().Be(layout.Bars[^1].End);
        for (int i = 0; i < steps.Length; i++)
        {
            WaterfallBar bar = layout.Bars[i + 1];
            bar.Start.Should().Be(layout.Bars[i].End, "a step begins where the one before ended");
            (layout.Value(bar.End) - layout.Value(bar.Start)).Should().BeApproximately(steps[i].Effect, precision);
            bar.Raises.Should().Be(steps[i].Effect == 0 ? null : steps[i].Effect > 0);
        }

        steps.Sum(static step => step.Effect).Should().BeApproximately(view.Sum, Math.Abs(view.Sum * 1e-12) + 1e-15);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Everything_OfALayout_IsInsideThePicture(string name, bool wide)
    {
        (WaterfallLayout layout, _, _) = Lay(name, wide);

        layout.Left.Should().BeGreaterThanOrEqualTo(0).And.BeLessThan(layout.Right - 50);
        layout.Right.Should().BeLessThanOrEqualTo(layout.Width);
        foreach (WaterfallBar bar in layout.Bars)
        {
            double[] xs = [bar.Start, bar.End, bar.End - bar.Error, bar.End + bar.Error];
            xs.Should().OnlyContain(x => x >= layout.Left - 0.001 && x <= layout.Right + 0.001);
            (double left, double right) = NameOf(layout, bar);
            left.Should().BeGreaterThanOrEqualTo(0);
            right.Should().BeLessThanOrEqualTo(layout.Width);
            bar.NumberX.Should().BeGreaterThanOrEqualTo(0);
            (bar.NumberX + bar.NumberWidth).Should().BeLessThanOrEqualTo(layout.Width);
            (bar.Y - (layout.BarHeight / 2)).Should().BeGreaterThan(0);
            (bar.Y + (layout.BarHeight / 2)).Should().BeLessThan(layout.AxisY);
        }

        foreach ((double x, string text) in layout.Ticks)
        {
            x.Should().BeInRange(layout.Left - 0.001, layout.Right + 0.001);
            (x - (WaterfallLayout.Measure(text) / 2)).Should().BeGreaterThanOrEqualTo(0);
            (x + (WaterfallLayout.Measure(text) / 2)).Should().BeLessThanOrEqualTo(layout.Width);
        }

        layout.AxisY.Should().BeLessThan(layout.Height - 36, "two lines of text stand below");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Labels_OfALayout_NeverLieOverEachOtherOrOverBars(string name, bool wide)
    {
        (WaterfallLayout layout, _, _) = Lay(name, wide);
        List<(string What, double Left, double Top, double Right, double Bottom)> boxes = [];
        foreach (WaterfallBar bar in layout.Bars)
        {
            (double left, double right) = NameOf(layout, bar);
            boxes.Add(($"name of {bar.Name}", left, bar.NameY - 10, right, bar.NameY + 3));
            boxes.Add(($"number of {bar.Name}", bar.NumberX, bar.NumberY - 10, bar.NumberX + bar.NumberWidth, bar.NumberY + 3));
            if (bar.Raises is not null)
            {
                boxes.Add(($"bar of {bar.Name}", Math.Min(bar.Start, bar.End), bar.Y - (layout.BarHeight / 2), Math.Max(bar.Start, bar.End), bar.Y + (layout.BarHeight / 2)));
            }
        }

        foreach ((double x, string text) in layout.Ticks)
        {
            double half = WaterfallLayout.Measure(text) / 2;
            boxes.Add(($"tick {text}", x - half, layout.AxisY + 5, x + half, layout.AxisY + 19));
        }

        for (int i = 0; i < boxes.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                var (a, b) = (boxes[i], boxes[j]);
                bool over = a.Left < b.Right && b.Left < a.Right && a.Top < b.Bottom && b.Top < a.Bottom;
                over.Should().BeFalse($"{a} and {b} would lie over each other");
            }
        }
    }

    [Theory]
    [InlineData(12, 12, false)]
    [InlineData(13, 12, true)]
    [InlineData(200, 12, true)]
    public void Steps_OfManyFeatures_AreTheLargestAndOneOfTheOthers(int features, int expected, bool others)
    {
        ShapView view = ShapCase.Of(features).View();

        WaterfallStep[] steps = WaterfallStep.Of(view, 12);

        steps.Should().HaveCount(expected);
        steps[..11].Select(static step => Math.Abs(step.Effect)).Should().BeInDescendingOrder();
        (steps[^1].Name == $"{features - 11} other features").Should().Be(others);
        steps.Sum(static step => step.Effect).Should().BeApproximately(view.Prediction - view.Base, 1e-12);
    }

    [Fact]
    public void Ticks_BetweenNumbers_AreRoundAndInside()
    {
        AxisTicks.Between(-0.13, 0.42, 6).Should().BeEquivalentTo([-0.1, 0, 0.1, 0.2, 0.3, 0.4], static o => o.Using<double>(
            static c => c.Subject.Should().BeApproximately(c.Expectation, 1e-12)).WhenTypeIs<double>());
        AxisTicks.Between(3, 3, 5).Should().BeEmpty();
        AxisTicks.Between(double.NaN, 3, 5).Should().BeEmpty();
        AxisTicks.Between(1e300, 1e300 * (1 + 1e-15), 5).Should().BeEmpty("doubles do not tell such ticks apart");
    }

    [Theory]
    [InlineData(10, 110, "M10 -5H103L110 0L103 5H10Z")]
    [InlineData(110, 10, "M110 -5H17L10 0L17 5H110Z")]
    [InlineData(10, 13, "M10 -5H10L13 0L10 5H10Z")]
    [InlineData(10, 10.2, "M8.7 -5H8.7L10.2 0L8.7 5H8.7Z")]
    public void Arrow_OfAnyLength_PointsWhereItsStepGoes(double start, double end, string expected) =>
        WaterfallDrawing.Arrow(start, end, 0, 10).Should().Be(expected);

    private static (WaterfallLayout Layout, WaterfallStep[] Steps, ShapView View) Lay(string name, bool wide)
    {
        ShapView view = s_cases[name].View();
        WaterfallStep[] steps = WaterfallStep.Of(view, ShapFigure.MostSteps);
        return (new WaterfallLayout(wide ? WaterfallShape.Wide : WaterfallShape.Narrow, steps, view.Base, view.Prediction, view.Numbers), steps, view);
    }

    private static (double Left, double Right) NameOf(WaterfallLayout layout, WaterfallBar bar)
    {
        double width = WaterfallLayout.Measure(bar.Cell is null ? bar.Name : $"{bar.Name} = {bar.Cell}");
        return layout.NamesEndAtBars ? (bar.NameX - width, bar.NameX) : (bar.NameX, bar.NameX + width);
    }
}
