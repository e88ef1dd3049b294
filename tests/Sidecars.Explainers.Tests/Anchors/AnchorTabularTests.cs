using Microsoft.Extensions.Time.Testing;
using Sidecars.Testing;

namespace Sidecars.Explainers.Tests.Anchors;

public sealed class AnchorTabularTests
{
    private static readonly Toy And = Toy.OfCategories(2, Toy.Bits(5, 5, 5), static r => r[0] == 1 && r[1] == 1 ? 1 : 0);

    [Fact]
    public async Task Explain_OfAConjunction_FindsBothConditions()
    {
        AnchorExplanation anchor = await And.ExplainAsync([1, 1, 0]);
        anchor.Status.Should().Be(AnchorStatus.Met);
        anchor.Label.Should().Be(1);
        anchor.Predicates.Should().BeEquivalentTo([new AnchorPredicate(0, Equal: 1), new AnchorPredicate(1, Equal: 1)]);
        anchor.Names.Should().BeEquivalentTo("f0 = c1", "f1 = c1");
        anchor.Precision.Should().Be(1);
        anchor.PrecisionInterval.High.Should().Be(1);
        anchor.PrecisionInterval.Low.Should().BeInRange(0.95, 1);
        anchor.Confidence.Should().Be(0.9);
        anchor.Coverage.Should().Be(0.25);
        anchor.BasePrecision.Should().BeApproximately(0.25, 0.15);
    }

    [Fact]
    public async Task Explain_OfARowWithoutAnAnswer_Fails()
    {
        var scorer = new Shap.FunctionScorer(3, static row => row[2] == 1 ? [double.NaN, double.NaN] : [0.2, 0.8], ScoreKind.Probability);
        Func<Task> explain = async () => await And.ExplainAsync([1, 1, 1], scorer: scorer);
        (await explain.Should().ThrowAsync<InferenceException>().WithMessage("*no class to explain*")).Which.Kind.Should().Be(ErrorKind.InferenceError);
    }

    [Fact]
    public async Task Rows_WithoutAnAnswer_DoNotGetTheClass()
    {
        // Without an answer for the rows of f2 = 1, "class 0" is what f2 = 0 leads to, and it alone.
        var scorer = new Shap.FunctionScorer(3, static row => row[2] == 1 ? [double.NaN, double.NaN] : [0.8, 0.2], ScoreKind.Probability);
        AnchorExplanation anchor = await And.ExplainAsync([1, 1, 0], scorer: scorer);
        anchor.Label.Should().Be(0);
        anchor.BasePrecision.Should().BeInRange(0.3, 0.7);
        anchor.Predicates.Should().Equal(new AnchorPredicate(2, Equal: 0));
    }

    [Fact]
    public async Task Examples_OfEachStep_AreRowsOfTheRuleThatGotTheClassOrNot()
    {
        float[] row = [1, 1, 0];
        AnchorExplanation anchor = await And.ExplainAsync(row);
        for (int i = 0; i < anchor.Steps.Count; i++)
        {
            AnchorStep step = anchor.Steps[i];
            Check(step.CoveredTrue, i, static label => label == 1);
            Check(step.CoveredFalse, i, static label => label != 1);
        }

        anchor.Steps[0].CoveredTrue.Rows.Should().Be(10);
        anchor.Steps[0].CoveredFalse.Rows.Should().Be(10);

        void Check(TabularData rows, int step, Func<int, bool> fits)
        {
            for (int i = 0; i < rows.Rows; i++)
            {
                float[] example = rows[i].ToArray();
                fits(And.Label(example)).Should().BeTrue();
                anchor.Predicates.Take(step + 1).Should().OnlyContain(p => p.Holds(example[p.Feature]));
            }
        }
    }

    [Fact]
    public async Task Examples_AskedForInThousands_TakeNoMoreRoomThanRowsWereDrawn()
    {
        var options = new AnchorTabularOptions { NCoveredEx = 100_000 };
        await And.ExplainAsync([1, 1, 0], options);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ValueTask<AnchorExplanation> explained = And.ExplainAsync([1, 1, 0], options);
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        explained.IsCompletedSuccessfully.Should().BeTrue("the whole search was on this thread");
        taken.Should().BeLessThan(2_000_000);
    }

    [Fact]
    public async Task Batches_LargerThanACall_ComeInPieces()
    {
        // 100 000 rows of 300 columns are 30 million numbers.
        Toy toy = Toy.OfCategories(2, Enumerable.Range(0, 40).Select(static i => (float[])[.. Enumerable.Range(0, 300).Select(c => (float)((i >> (c % 5)) & 1))]), static r => (int)r[0]);
        int most = 0;
        var scorer = new Shap.FunctionScorer(300, static row => [1 - row[0], row[0]], ScoreKind.Probability) { OnCall = rows => most = Math.Max(most, rows) };
        AnchorExplanation anchor = await toy.ExplainAsync(
            toy.Train[1].ToArray(), new AnchorTabularOptions { MinSamplesStart = 100_000, MaxAnchorSize = 1 }, scorer);
        anchor.Predicates.Should().Equal(new AnchorPredicate(0, Equal: 1));
        anchor.BasePrecision.Should().BeApproximately(0.5, 0.01);
        most.Should().BeLessThanOrEqualTo(((1 << 24) / 300) + 1);
    }

    [Fact]
    public async Task Explain_OfADisjunction_TakesOneCondition()
    {
        Toy toy = Toy.OfCategories(2, Toy.Bits(5, 3, 5), static r => r[0] == 1 || r[1] == 1 ? 1 : 0);
        AnchorExplanation anchor = await toy.ExplainAsync([1, 1, 0]);
        anchor.Predicates.Should().Equal(new AnchorPredicate(0, Equal: 1)); // f1 = 1 would do too, and covers less
        anchor.Coverage.Should().Be(0.5);
    }

    [Fact]
    public async Task Explain_OfAConstant_NeedsNoCondition()
    {
        AnchorExplanation anchor = await (And with { Label = static _ => 3 }).ExplainAsync([1, 0, 0]);
        anchor.Status.Should().Be(AnchorStatus.Met);
        anchor.Predicates.Should().BeEmpty();
        anchor.Steps.Should().BeEmpty();
        anchor.Coverage.Should().Be(1);
        anchor.Label.Should().Be(3);
        anchor.BasePrecision.Should().Be(1);
    }

    [Fact]
    public async Task Explain_OfARange_FindsItsBothEnds()
    {
        Toy toy = new(
            new TabularSchema([new TabularFeature("x"), new TabularFeature("y")]),
            new TabularData([.. Enumerable.Range(0, 400).SelectMany(static i => (float[])[i % 20, i / 20])], 2),
            static r => r[0] > 9.5 && r[0] < 14.5 ? 1 : 0);
        AnchorExplanation anchor = await toy.ExplainAsync([12, 3]);
        anchor.Predicates.Should().Equal(new AnchorPredicate(0, Gt: 9.5, Le: 14.25));
        anchor.Names.Should().Equal("9.5 < x <= 14.25");
        anchor.Coverage.Should().Be(0.25);
        anchor.Status.Should().Be(AnchorStatus.Met);
    }

    [Fact]
    public async Task Explain_OfNoise_SaysThatTheThresholdWasNotMet()
    {
        Toy toy = Toy.OfCategories(2, Toy.Bits(5, 5), static _ => 0);
        Random random = new(5);
        toy = toy with { Label = r => r.Length == 2 && random.Next(2) == 0 ? 1 : 0 };
        AnchorExplanation anchor = await toy.ExplainAsync([1, 0]);
        anchor.Status.Should().Be(AnchorStatus.NotMet);
        anchor.Precision.Should().BeLessThan(0.7);
    }

    [Fact]
    public async Task Beam_OfFour_FindsWhatOneMisses()
    {
        // {f0, f1} decides alone, but neither of the two looks like much: the others promise more and keep less.
        Toy toy = Toy.OfCategories(2, Toy.Bits(5, 5, 8, 8, 8), static r => r[0] == r[1] || (r[2] == 1 && r[3] == 1 && r[4] == 1) ? 1 : 0);
        AnchorTabularOptions two = new() { MaxAnchorSize = 2 };
        AnchorExplanation greedy = await toy.ExplainAsync([1, 1, 1, 1, 1], two);
        AnchorExplanation beam = await toy.ExplainAsync([1, 1, 1, 1, 1], two with { BeamSize = 4 });
        greedy.Status.Should().Be(AnchorStatus.NotMet);
        beam.Status.Should().Be(AnchorStatus.Met);
        beam.Predicates.Should().BeEquivalentTo([new AnchorPredicate(0, Equal: 1), new AnchorPredicate(1, Equal: 1)]);
    }

    [Fact]
    public async Task Steps_OfAnAnchor_ShowItsGrowth()
    {
        AnchorExplanation anchor = await And.ExplainAsync([1, 1, 0], new AnchorTabularOptions { NCoveredEx = 3 });
        anchor.Steps.Select(static s => s.Feature).Should().Equal(anchor.Predicates.Select(static p => p.Feature));
        anchor.Steps.Select(static s => s.Coverage).Should().Equal(0.5, 0.25);
        anchor.Steps[0].Precision.Should().BeApproximately(0.5, 0.2);
        anchor.Steps[1].Precision.Should().Be(anchor.Precision);
        anchor.Steps[0].CoveredTrue.Rows.Should().Be(3);
        anchor.Steps[0].CoveredFalse.Rows.Should().Be(3);
        anchor.Steps[1].CoveredFalse.Rows.Should().Be(0);
        AnchorPredicate first = anchor.Predicates[0];
        for (int i = 0; i < 3; i++)
        {
            first.Holds(anchor.Steps[0].CoveredFalse[i][first.Feature]).Should().BeTrue();
            And.Label(anchor.Steps[0].CoveredFalse[i].ToArray()).Should().Be(0);
            And.Label(anchor.Steps[0].CoveredTrue[i].ToArray()).Should().Be(1);
        }
    }

    [Fact]
    public async Task Predictions_OfAnExplanation_AreTheRowsScored()
    {
        LabelScorer scorer = And.Scorer();
        AnchorExplanation anchor = await And.ExplainAsync([1, 1, 0], scorer: scorer);
        anchor.Predictions.Should().Be(scorer.Rows);
    }

    [Fact]
    public async Task Explain_OfAMissingOrUnknownValue_DoesWithoutIt()
    {
        Toy toy = new(
            new TabularSchema([new TabularFeature("x"), new TabularFeature("c", ["a", "b"])]),
            new TabularData([1, 0, float.NaN, 1, 3, 0, 4, 1, 5, float.NaN, 6, 0], 2),
            static r => r[1] == 0 ? 0 : 1);
        AnchorExplanation missing = await toy.ExplainAsync([float.NaN, 0]);
        missing.Predicates.Should().Equal(new AnchorPredicate(1, Equal: 0));
        missing.Coverage.Should().Be(0.5);
        AnchorExplanation unknown = await toy.ExplainAsync([2, 7]);
        unknown.Predicates.Should().Equal(new AnchorPredicate(1, Equal: 7));
        unknown.Names.Should().Equal("c = 7");
        unknown.Coverage.Should().Be(0);
        unknown.Status.Should().Be(AnchorStatus.Met);
    }

    [Fact]
    public async Task Deadline_ThatPasses_LeavesTheBestSoFar()
    {
        FakeTimeProvider time = new();
        LabelScorer slow = new(3, And.Label) { OnCall = () => time.Advance(TimeSpan.FromSeconds(1)) };
        AnchorExplanation anchor = await new AnchorTabular(And.Schema, And.Train, time: time)
            .ExplainAsync(slow, new float[] { 1, 1, 0 }, new AnchorTabularOptions { Deadline = TimeSpan.FromSeconds(1) });
        anchor.Status.Should().Be(AnchorStatus.OutOfTime);
        slow.Calls.Should().Be(1);
        anchor.Steps.Should().HaveSameCount(anchor.Predicates);
        anchor.PrecisionInterval.Low.Should().BeLessThanOrEqualTo(anchor.Precision);
    }

    [Fact]
    public async Task Cancellation_BetweenCalls_StopsTheSearch()
    {
        using CancellationTokenSource source = new();
        LabelScorer scorer = new(3, And.Label) { OnCall = source.Cancel };
        Func<Task> explain = async () => await new AnchorTabular(And.Schema, And.Train)
            .ExplainAsync(scorer, new float[] { 1, 1, 0 }, new AnchorTabularOptions(), source.Token);
        await explain.Should().ThrowAsync<OperationCanceledException>();
        scorer.Calls.Should().Be(1);
    }

    public static TheoryData<AnchorTabularOptions, string> Wrong() => new()
    {
        { new() { Threshold = 0 }, "option 'threshold' is 0, and must be above 0 and at most 1" },
        { new() { Threshold = 1.5 }, "option 'threshold' is 1.5*" },
        { new() { Threshold = double.NaN }, "option 'threshold' is NaN*" },
        { new() { Delta = 1 }, "option 'delta' is 1*" },
        { new() { Tau = -0.1 }, "option 'tau' is -0.1*" },
        { new() { BatchSize = 0 }, "option 'batch_size' is 0*" },
        { new() { MinSamplesStart = 0 }, "option 'min_samples_start' is 0*" },
        { new() { BeamSize = 0 }, "option 'beam_size' is 0*" },
        { new() { MaxAnchorSize = 0 }, "option 'max_anchor_size' is 0*" },
        { new() { NCoveredEx = -1 }, "option 'n_covered_ex' is -1*" },
        { new() { Deadline = TimeSpan.Zero }, "option 'deadline' is 00:00:00*" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Options_ThatMeanNothing_AreRefusedByName(AnchorTabularOptions options, string message) =>
        (await FluentActions.Awaiting(async () => await And.ExplainAsync([1, 1, 0], options)).Should().ThrowAsync<InferenceException>())
            .WithMessage(message).Which.Kind.Should().Be(ErrorKind.InvalidInput);

    [Fact]
    public async Task Rows_OfAnotherWidth_AreRefused() =>
        await FluentActions.Awaiting(async () => await And.ExplainAsync([1, 1])).Should().ThrowAsync<InferenceException>()
            .WithMessage("the row has 2 values, and the training data 3 columns");

    [Fact]
    public async Task MaxAnchorSize_OfOne_IsKept()
    {
        AnchorExplanation anchor = await And.ExplainAsync([1, 1, 0], new AnchorTabularOptions { MaxAnchorSize = 1 });
        anchor.Status.Should().Be(AnchorStatus.NotMet);
        anchor.Predicates.Should().HaveCount(1);
    }

    [Fact]
    public async Task Threshold_OfOne_IsMetByARuleThatNeverErrs() =>
        (await And.ExplainAsync([1, 1, 0], new AnchorTabularOptions { Threshold = 1 })).Status.Should().Be(AnchorStatus.Met);
}
