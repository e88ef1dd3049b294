using System.Globalization;
using Sidecars.Explainers.Answers;

namespace Sidecars.Explainers.Tests.Answers;

public sealed class ShapTextTests
{
    public ShapTextTests() => CultureInfo.CurrentCulture = GermanNumbers.Culture;

    [Fact]
    public void Text_OfARow_IsAlignedAndWhole() =>
        new ShapCase { Model = "credit", Errors = [0.0125, 0.002, 0], Categories = [null, ["private", "public"], null] }.Text.Should().Be("""
            credit says yes
            f(x) is the probability of yes.

              base value      0.250
              gain = 2174    +0.250                       |++++++++++++
              age = 39       +0.125  +-0.013              |++++++
              work = public  -0.062  +-0.002           ---|
              f(x)            0.562

            base value and all values together: 0.250 + 0.312 = 0.562

            KernelShap, estimated, standard errors up to 0.0125; 64 coalitions a row,
            background 100 rows, centres of k-means clusters, seed 7; 3 predictor calls,
            12,345 rows, 1.50 s, of that the model 12.3 ms

            """.ReplaceLineEndings("\n"));

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(200, 1, 1)]
    [InlineData(5, 1e-9, 3)]
    [InlineData(5, 1e200, 1)]
    [InlineData(30, 1, 60)]
    public void Text_OfAnything_HasLinesOfEightyColumns(int features, double scale, int rows)
    {
        string text = ShapCase.Of(features, scale, rows).Text;

        text.Split('\n').Should().OnlyContain(static line => TextColumns.Of(line) <= 80 && line.TrimEnd() == line);
        text.Should().EndWith("\n").And.NotContain("\u001b").And.NotContain("\r");
        text.Split('\n').Count(static line => line.StartsWith("  f(x) ", StringComparison.Ordinal)).Should().Be(Math.Min(rows, 50));
    }

    [Fact]
    public void Text_OfHostileNames_CannotForgeLines()
    {
        string text = new ShapCase
        {
            Model = "a\nb",
            Features = ["\u001b[31mred", "x\r\ny", new string('z', 300)],
            Categories = [null, ["v", "\u001b]0;title\u0007"], null],
        }.Text;

        text.Should().NotContainAny("\u001b", "\r", "\u0007").And.NotContain("\nb says").And.NotContain("\ny =");
        text.Split('\n').Should().OnlyContain(static line => TextColumns.Of(line) <= 80);
        text.Should().Contain("= 2174", "a long name leaves room for its value");
    }

    [Fact]
    public void Text_OutOfTime_OfSeveralOutputs_AndWithPairs_SaysAll()
    {
        string text = new ShapCase
        {
            OutOfTime = true,
            Errors = [0.01, 0.01, 0, 0.01, 0.01, 0],
            Outputs = 2,
            Base = [0.75, 0.25],
            Values = [-0.125, 0.0625, -0.25, 0.125, -0.0625, 0.25],
            Interactions = [0, 0.25, 0, 0.25, 0, 0, 0, 0, 0, 0, -0.25, 0, -0.25, 0, 0, 0, 0, 0],
        }.Text;

        text.Should().Contain("OUT OF TIME").And.Contain("\nprobability of no: 0.750 - 0.312 = 0.438\n").And.Contain("age with work: -0.500 beyond what each does alone");
    }
}
