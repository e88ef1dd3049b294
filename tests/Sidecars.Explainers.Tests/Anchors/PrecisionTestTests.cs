using Sidecars.Explainers.Anchors;

namespace Sidecars.Explainers.Tests.Anchors;

public sealed class PrecisionTestTests
{
    [Fact]
    public void Level_OfManyTests_AddsUpToAlpha()
    {
        PrecisionTest test = new(0.95, 0.05);
        double sum = 0;
        for (int i = 0; i < 30; i++)
        {
            sum += test.Level;
            test.Accepts(1, 100);
        }

        sum.Should().BeApproximately(0.05, 1e-9).And.BeLessThanOrEqualTo(0.05);
        test.Tests.Should().Be(30);
    }

    [Theory]
    [InlineData(0.95, 200, 0.0375)]
    [InlineData(0.95, 1000, 0.0375)]
    [InlineData(0.5, 300, 0.0375)]
    public void Accepts_AtTheThreshold_IsAsRareAsTheLevel(double threshold, int n, double level)
    {
        // P(X >= k) summed up from the point probabilities, in place of the incomplete beta function.
        double[] point = new double[n + 1];
        for (int k = 0; k <= n; k++)
        {
            point[k] = Math.Exp(
                MathNet.Numerics.SpecialFunctions.BinomialLn(n, k) + (k * Math.Log(threshold)) + ((n - k) * Math.Log(1 - threshold)));
        }

        int least = Enumerable.Range(0, n + 1).First(k => point[k..].Sum() <= level);
        new PrecisionTest(threshold, 0.05).Accepts(least, n).Should().BeTrue();
        new PrecisionTest(threshold, 0.05).Accepts(least - 1, n).Should().BeFalse();
    }

    [Theory]
    [InlineData(0, 10, 0, 0.30849710781876083)] // 1 - 0.025^(1/10)
    [InlineData(10, 10, 0.69150289218123917, 1)]
    [InlineData(1, 1, 0.025, 1)]
    public void Interval_OfExtremeCounts_IsClosedForm(int successes, int samples, double low, double high)
    {
        (double Low, double High) interval = PrecisionTest.Interval(successes, samples, 0.95);
        interval.Low.Should().BeApproximately(low, 1e-9);
        interval.High.Should().BeApproximately(high, 1e-9);
    }

    [Theory]
    [InlineData(1, 2000, 2000, true)]
    [InlineData(1, 1999, 2000, false)] // one row that breaks a rule shows that it is no rule without exception
    [InlineData(0.999, 1999, 2000, true)]
    [InlineData(0.999, 1997, 2000, false)]
    [InlineData(0.95, 1930, 2000, true)]
    public void Accepts_OfHighThresholds_NeedsRowsThatDoNotSpeakAgainstThem(double threshold, int successes, int samples, bool accepted)
    {
        PrecisionTest test = new(threshold, 0.05);
        test.Needed.Should().BeGreaterThanOrEqualTo(threshold);
        test.Accepts(successes, samples).Should().Be(accepted);
    }

    [Fact]
    public void Rows_OfASurerRule_AreFewer()
    {
        PrecisionTest test = new(0.95, 0.05);
        test.Rows(0.99).Should().BeLessThan(test.Rows(0.97)).And.BeGreaterThanOrEqualTo(PrecisionTest.FewestRows);
        test.Rows(0.94).Should().Be(PrecisionTest.MostRows);
    }

    [Fact]
    public void Chance_OfMoreEvidence_IsSurer()
    {
        PrecisionTest test = new(0.95, 0.05);
        test.Chance(990, 1000).Should().BeGreaterThan(test.Chance(99, 100)).And.BeGreaterThan(0.99);
        test.Chance(900, 1000).Should().BeLessThan(test.Chance(90, 100)).And.BeLessThan(1e-6);
        test.Needed.Should().BeInRange(0.957, 0.960);
    }
}
