using System.Globalization;
using Sidecars.Explainers.Answers;

namespace Sidecars.Explainers.Tests.Answers;

public sealed class PercentTests
{
    public PercentTests() => CultureInfo.CurrentCulture = GermanNumbers.Culture;

    [Theory]
    [InlineData(0, "0%")]
    [InlineData(1, "100%")]
    [InlineData(0.97233333, "97.2%")]
    [InlineData(0.5, "50.0%")]
    [InlineData(0.9995, "99.95%")]
    [InlineData(0.99999, "99.999%")]
    [InlineData(0.00004, "0.004%")]
    [InlineData(1e-13, "0%")]
    [InlineData(double.NaN, "unknown")]
    public void Of_AShare_IsNeverNothingOrAllWhenItCanBeSeenNotToBe(double share, string expected) => Percent.Of(share).Should().Be(expected);

    [Theory]
    [InlineData(0.95, "95%")]
    [InlineData(0.56, "56%")]
    [InlineData(0.975, "97.5%")]
    [InlineData(1, "100%")]
    [InlineData(0.00000123, "0.000123%")]
    public void Chosen_AShare_HasTheDigitsItWasGiven(double share, string expected) => Percent.Chosen(share).Should().Be(expected);

    [Theory]
    [InlineData(0.7625, 0.81, "+4.8 points")]
    [InlineData(0.98, 0.93, "−5.0 points")]
    [InlineData(0.5, 0.51, "+1.0 point")]
    [InlineData(0.5, 0.5, "±0.0 points")]
    public void Change_OfAShare_HasItsSign(double from, double to, string expected) => Percent.Change(from, to).Should().Be(expected);
}
