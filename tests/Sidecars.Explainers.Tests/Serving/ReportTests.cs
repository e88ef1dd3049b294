using Sidecars.Explainers.Serving;

namespace Sidecars.Explainers.Tests.Serving;

/// <summary>What a caller reads while an explanation goes on.</summary>
public sealed class ReportTests
{
    [Theory]
    [InlineData(0, 12_300, "no condition yet, precision 0.93 to 0.97, 12,300 rows scored")]
    [InlineData(1, 900, "1 condition, precision 0.93 to 0.97, 900 rows scored")]
    [InlineData(2, 1_234_567, "2 conditions, precision 0.93 to 0.97, 1,234,567 rows scored")]
    public void Anchor_OfOneRow_TellsItsRuleAndNoFraction(int conditions, long rows, string message) =>
        AnchorReports.OneRow(new AnchorProgress(
            [.. Enumerable.Range(0, conditions).Select(static f => new AnchorPredicate(f, Equal: 1))], 0.95, (0.93, 0.9701), 0.5, rows))
            .Should().Be(new ExplainProgress(message));

    [Fact]
    public void Anchors_OfManyRows_TellHowManyAreDone() =>
        AnchorReports.ManyRows(3, 12, 4_500).Should().Be(new ExplainProgress("3 of 12 rows explained, 4,500 rows scored", 0.25));

    [Theory]
    [InlineData(0, 1, 518, 2072, null, "518 of 2,072 coalitions played", 0.25)]
    [InlineData(0, 1, 518, 2072, 0.01234, "518 of 2,072 coalitions played, standard error up to 0.012", 0.25)]
    [InlineData(2, 10, 600, 1000, null, "2 of 10 rows explained, 600 of 1,000 coalitions played", 0.6)]
    [InlineData(1500, 2000, 0, 0, null, "1,500 of 2,000 rows explained", 0.75)]
    public void Shap_OfAnyKind_TellsWhatItCounts(int done, int rows, long played, long planned, double? error, string message, double fraction) =>
        ShapReports.Of(new ShapProgress(done, rows, played, planned, error)).Should().Be(new ExplainProgress(message, fraction));
}
