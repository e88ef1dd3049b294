using System.Globalization;
using Sidecars.Explainers.Answers;

namespace Sidecars.Explainers.Tests.Answers;

public sealed class NumberTextTests
{
    public NumberTextTests() => CultureInfo.CurrentCulture = GermanNumbers.Culture;

    [Theory]
    [InlineData(0.00042, "0.42 ms")]
    [InlineData(0.0123, "12.3 ms")]
    [InlineData(0.9996, "1000 ms")]
    [InlineData(1.234, "1.23 s")]
    [InlineData(125.9, "2 min 5 s")]
    [InlineData(0, "0.00 ms")]
    public void Duration_OfAnyLength_HasTheUnitThatSuitsIt(double seconds, string expected) =>
        NumberText.Duration(TimeSpan.FromSeconds(seconds)).Should().Be(expected);

    [Theory]
    [InlineData(0, "0.0%")]
    [InlineData(0.00001, "< 0.1%")]
    [InlineData(0.0123, "1.2%")]
    [InlineData(0.456, "46%")]
    [InlineData(0.951, "95.1%")]
    [InlineData(0.99999, "> 99.9%")]
    [InlineData(1, "100%")]
    public void Percent_OfAShare_IsNeverNothingOrAllWhenItIsNot(double share, string expected) => NumberText.Percent(share).Should().Be(expected);

    [Theory]
    [InlineData(0.1f, "0.1")]
    [InlineData(-2.5f, "−2.5")]
    [InlineData(1e-9f, "1e−9")]
    [InlineData(2e9f, "2e9")]
    [InlineData(float.NaN, "missing")]
    public void Shortest_OfAValue_ReadsBack(float value, string expected) => NumberText.Shortest(value).Should().Be(expected);

    [Fact]
    public void Count_OfManyRows_HasCommas() => NumberText.Count(1234567).Should().Be("1,234,567");

    [Theory]
    [InlineData(1, "<b>")]
    [InlineData(7, "7")]
    [InlineData(0.5f, "0.5")]
    [InlineData(float.NaN, "missing")]
    public void Cell_OfACategory_IsItsName_AndTheNumberWhereItHasNone(float value, string expected) =>
        NumberText.Cell(new TabularFeature("x", ["a", "<b>"]), value).Should().Be(expected);
}
