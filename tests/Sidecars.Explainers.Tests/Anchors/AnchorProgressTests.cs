using Microsoft.Extensions.Time.Testing;
using Sidecars.Explainers.Tests.Progress;

namespace Sidecars.Explainers.Tests.Anchors;

public sealed class AnchorProgressTests
{
    private static readonly Toy And = Toy.OfCategories(2, Toy.Bits(5, 5, 5), static r => r[0] == 1 && r[1] == 1 ? 1 : 0);
    private static readonly float[] Row = [1, 1, 0];

    [Fact]
    public async Task Progress_OfASlowModel_IsHeardAfterEachCall()
    {
        var time = new FakeTimeProvider();
        var heard = new Heard<AnchorProgress>();
        var scorer = new LabelScorer(3, And.Label) { OnCall = () => time.Advance(TimeSpan.FromMilliseconds(50)) };
        AnchorExplanation anchor = await new AnchorTabular(And.Schema, And.Train, time: time)
            .ExplainAsync(scorer, Row, new AnchorTabularOptions { Progress = heard });

        heard.Reports.Should().HaveCount((int)scorer.Calls).And.HaveCountGreaterThan(2);
        heard.Reports.Select(static p => p.Predictions).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        heard.Reports[^1].Predictions.Should().Be(anchor.Predictions);

        // The rule that was found is what the last report spoke of; its figures are those of the rows before the final test.
        AnchorProgress last = heard.Reports[^1];
        last.Predicates.Should().BeEquivalentTo(anchor.Predicates);
        last.Precision.Should().Be(1);
        last.PrecisionInterval.Low.Should().BeInRange(0.9, 0.9999);
        last.PrecisionInterval.High.Should().Be(1);
        last.Coverage.Should().Be(0.25);
    }

    [Fact]
    public async Task Progress_OfAFastModel_IsHeardOnce()
    {
        var heard = new Heard<AnchorProgress>();
        await new AnchorTabular(And.Schema, And.Train, time: new FakeTimeProvider())
            .ExplainAsync(And.Scorer(), Row, new AnchorTabularOptions { Progress = heard });
        heard.Reports.Should().ContainSingle();
    }

    [Fact]
    public async Task Explain_WithAndWithoutAListener_IsTheSame()
    {
        var time = new FakeTimeProvider();
        var listening = new AnchorTabularOptions
        {
            Progress = new Heard<AnchorProgress>(),
            Seed = 7,
            BeamSize = 3,
        };
        Toy toy = Toy.OfCategories(2, Toy.Bits(5, 5, 8, 8, 8), static r => r[0] == r[1] || (r[2] == 1 && r[3] == 1 && r[4] == 1) ? 1 : 0);
        var scorer = new LabelScorer(5, toy.Label) { OnCall = () => time.Advance(TimeSpan.FromSeconds(1)) };
        AnchorExplanation heard = await new AnchorTabular(toy.Schema, toy.Train, time: time).ExplainAsync(scorer, new float[] { 1, 1, 1, 1, 1 }, listening);
        AnchorExplanation plain = await toy.ExplainAsync([1, 1, 1, 1, 1], listening with { Progress = null });

        listening.Progress.As<Heard<AnchorProgress>>().Reports.Should().HaveCountGreaterThan(3);
        heard.Should().BeEquivalentTo(plain, static options => options.WithStrictOrdering().Using<ReadOnlyMemory<float>>(
            static both => both.Subject.ToArray().Should().Equal(both.Expectation.ToArray())).WhenTypeIs<ReadOnlyMemory<float>>());
    }
}
