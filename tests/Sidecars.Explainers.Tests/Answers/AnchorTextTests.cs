using System.Globalization;
using Sidecars.Explainers.Answers;

namespace Sidecars.Explainers.Tests.Answers;

public sealed class AnchorTextTests
{
    public AnchorTextTests() => CultureInfo.CurrentCulture = GermanNumbers.Culture;

    public static TheoryData<string> Names => AnchorCases.Names;

    [Fact]
    public void Text_OfAnAnchor_IsThis() => Text(AnchorCases.Met.Answer()).Should().Be("""
        income says <=50K

          IF   Marital Status = Married   (this row: Married)
          AND  28 < Age <= 37   (this row: 31)
          AND  Hours per week > 39.5   (this row: 45.5)
          THEN income says <=50K

          precision   97.2% [95.7%, 98.4%], threshold 95%: met
                      (in brackets, where it lies with 90% confidence)
          coverage    8.4%, 2,191 of 26,049 training rows
          status      On fresh rows, which had no part in choosing the rule, its
                      precision was shown to reach the threshold of 95%.

          step by step                                              precision   coverage
          any row                                                       76.3%       100%
          + Marital Status = Married                                    81.0%      47.0%
          + 28 < Age <= 37                                              93.4%      21.3%
          + Hours per week > 39.5                                       97.2%       8.4%

          cost        12.3 ms, of that the model 8.10 ms; 3,210 rows scored in 9 calls
          method      AnchorTabular, seed 7

        """.ReplaceLineEndings("\n"));

    [Theory]
    [MemberData(nameof(Names))]
    public void Text_OfAnyAnchor_FitsATerminalAndCannotCommandIt(string name)
    {
        string text = Text(AnchorCases.All[name].Answer());

        text.Should().EndWith("\n");
        text.Split('\n').Should().OnlyContain(static line => line.Length <= 80 && !line.Any(char.IsControl));
        text.Should().Contain($": {AnchorWords.Status(AnchorCases.All[name].Status)}\n");
    }

    [Fact]
    public void Text_OfSeveralRows_NumbersThem()
    {
        string text = Text(AnchorCase.Answer(AnchorCases.Several(3)));

        text.Should().StartWith("row 1 of 3: income says <=50K\n").And.Contain("\n\nrow 2 of 3: ").And.Contain("\n\nrow 3 of 3: ");
    }

    [Fact]
    public void Add_AWordLongerThanALine_BreaksInsideOfIt() =>
        new TextLines().Add(new string('a', 170), 4).ToString().Should().Be($"{new string('a', 80)}\n    {new string('a', 76)}\n    {new string('a', 14)}\n");

    [Fact]
    public void Text_OfManyRows_TellsOfFiftyAndSaysSo()
    {
        string text = Text(AnchorCase.Answer(AnchorCases.Several(63)));

        text.Should().Contain("row 50 of 63: ").And.NotContain("row 51 of 63: ");
        text.Should().EndWith("\n\nThe first 50 of 63 rows; all are in the answer as JSON.\n");
    }

    [Fact]
    public void Add_CharactersOfTwoColumns_CountsThemAsTwo() =>
        new TextLines().Add(new string('年', 50), 2).ToString().Should().Be($"{new string('年', 40)}\n  {new string('年', 10)}\n");

    private static string Text(AnchorAnswer answer) => AnchorCase.Encode(answer, AnswerForm.Text);
}
