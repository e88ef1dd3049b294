using System.Globalization;
using Sidecars.Explainers.Answers;

namespace Sidecars.Explainers.Tests.Answers;

public sealed class NumberScaleTests
{
    public NumberScaleTests() => CultureInfo.CurrentCulture = GermanNumbers.Culture;

    [Theory]
    [InlineData(0.25, 0.5, 0.25, 3, 0)]
    [InlineData(0.433, -2.2, -2.6, 3, 0)]
    [InlineData(0.9, 0.91, 0.0123, 4, 0)]
    [InlineData(380100, 452838, 61250, 0, 0)]
    [InlineData(1.2e-9, 1.0e-9, -5e-10, 3, -9)]
    [InlineData(1.2e9, 1.7e9, 5e8, 3, 9)]
    [InlineData(1.2345e9, 1.2345e9, 0.0034, 5, 0)]
    [InlineData(0, 0, 0, 3, 0)]
    [InlineData(5, double.NaN, 0, 3, 0)]
    public void For_Steps_ShowsThreeOrFourDigitsOfTheLargest(double from, double to, double step, int decimals, int exponent) =>
        NumberScale.For(from, to, [step, step / 10]).Should().Be(new NumberScale(decimals, exponent));

    [Theory]
    [InlineData(3, 0, 1234.5678, "1,234.568", "+1,234.568")]
    [InlineData(3, 0, -0.25, "−0.250", "−0.250")]
    [InlineData(3, 0, -0.00001, "0.000", "−0.000")]
    [InlineData(3, 0, 0, "0.000", "0")]
    [InlineData(3, -9, 3.4e-10, "0.340e−9", "+0.340e−9")]
    [InlineData(1, 12, 5e12, "5.0e12", "+5.0e12")]
    [InlineData(2, -310, 5e-310, "5.00e−310", "+5.00e−310")]
    [InlineData(3, 0, double.NaN, "no number", "no number")]
    [InlineData(3, 0, double.NegativeInfinity, "no number", "no number")]
    public void Text_OfANumber_IsTheSameInEveryCulture(int decimals, int exponent, double value, string text, string signed)
    {
        var scale = new NumberScale(decimals, exponent);

        (scale.Text(value), scale.Signed(value)).Should().Be((text, signed));
    }

    [Fact]
    public void Adding_ThreeNumbers_TakesTheDecimalsWithWhichTheyAddUp()
    {
        // 0.4 + 0.4 = 0.9 with one decimal, 0.44 + 0.44 = 0.88 with two.
        NumberScale scale = new NumberScale(1, 0).Adding(0.44, 0.44, 0.88);

        scale.Decimals.Should().Be(2);
        (scale.Read(0.44) + scale.Read(0.44)).Should().Be(scale.Read(0.88)).And.Be(0.88m);
    }

    [Fact]
    public void Adding_NumbersThatNeverAddUp_StaysAsItIs() =>
        new NumberScale(1, 0).Adding(0.1, 0.2, 0.5).Should().Be(new NumberScale(1, 0));

    [Fact]
    public void Read_WhateverIsShown_IsWhatATextReadsAs()
    {
        for (int i = 1; i < 500; i++)
        {
            double value = Math.Sin(i) * Math.Pow(10, (i % 23) - 11);
            NumberScale scale = NumberScale.For(value, value / 3, [value / 7]);

            string text = scale.Text(value).Replace(NumberText.Minus, "-", StringComparison.Ordinal);

            int exponent = text.IndexOf('e', StringComparison.Ordinal);
            scale.Read(value).Should().Be(decimal.Parse(exponent < 0 ? text : text[..exponent], NumberStyles.Number, CultureInfo.InvariantCulture), text);
        }
    }
}
