using Sidecars.Explainers.Answers;

namespace Sidecars.Explainers.Tests.Answers;

public sealed class TextWidthTests
{
    private const string Long = "the applicant's mean monthly balance, a_column_of_many_names and_anotherwithoutanyplacetobreakitinside";

    [Theory]
    [InlineData(60)]
    [InlineData(120)]
    [InlineData(333)]
    public void Wrap_ALongText_KeepsAllOfItOnLinesThatFit(double width)
    {
        List<string> lines = TextWidth.Wrap(Long, 13, width);

        lines.Should().OnlyContain(line => TextWidth.Of(line, 13) <= width).And.HaveCountGreaterThan(1);
        string.Concat(lines).Replace(" ", "", StringComparison.Ordinal).Should().Be(Long.Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Wrap_AText_BreaksBetweenWordsAndTheirParts() =>
        TextWidth.Wrap("one two-three_four", 10, 60).Should().Equal("one two-", "three_four");

    [Fact]
    public void Shorten_ALongText_FitsAndSaysSo()
    {
        string shorter = TextWidth.Shorten(Long, 13, 150);

        TextWidth.Of(shorter, 13).Should().BeInRange(120, 150);
        shorter.Should().EndWith("…").And.StartWith("the applicant's");
    }

    [Fact]
    public void Shorten_CharactersOfTwoHalves_KeepsThemWhole()
    {
        for (int width = 20; width < 80; width++)
        {
            TextWidth.Shorten("😀😀😀😀😀😀", 13, width).Should().MatchRegex("^(😀)*…?$");
        }
    }
}
