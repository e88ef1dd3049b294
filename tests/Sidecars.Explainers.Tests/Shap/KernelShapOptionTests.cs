using Microsoft.Extensions.Time.Testing;
using Sidecars.Explainers.Scoring;
using Sidecars.Explainers.Tests.Scoring;

namespace Sidecars.Explainers.Tests.Shap;

public sealed class KernelShapOptionTests
{
    private static readonly TabularData Zeros = new(new float[14], 14);

    [Theory]
    [InlineData(0, "nsamples must be from 1 to *, and is 0.")]
    [InlineData(-5, "nsamples must be from 1 to *, and is -5.")]
    public Task NSamples_BelowOne_IsRefused(int samples, string why) => RefusedAsync(new ShapOptions { NSamples = samples }, why);

    [Theory]
    [InlineData("num_features(0)")]
    [InlineData("ridge")]
    [InlineData("-1")]
    [InlineData("NaN")]
    public Task L1Reg_Unknown_IsRefused(string text) => RefusedAsync(new ShapOptions { L1Reg = text }, $"l1_reg is '{text}'; known are *");

    [Fact]
    public Task Groups_ThatLeaveAColumnOut_AreRefused() => RefusedAsync(new ShapOptions { Groups = [[0, 1], [2]] }, "groups: column 3 is in no group*");

    [Fact]
    public Task Groups_ThatShareAColumn_AreRefused() =>
        RefusedAsync(new ShapOptions { Groups = [[.. Enumerable.Range(0, 14)], [5]] }, "groups: column 5 is in more than one group*");

    [Fact]
    public Task Groups_OfUnknownColumns_AreRefused() => RefusedAsync(new ShapOptions { Groups = [[0, 14]] }, "groups: there is no column 14*");

    [Fact]
    public Task GroupNames_OfAnotherCount_AreRefused() => RefusedAsync(
        new ShapOptions { Groups = [[.. Enumerable.Range(0, 14)]], GroupNames = ["a", "b"] }, "group_names: 2 names for 1 groups.");

    [Fact]
    public Task StopAt_OfZero_IsRefused() => RefusedAsync(new ShapOptions { StopAt = 0 }, "stop_at must be above 0*");

    [Fact]
    public Task Interactions_OfASample_AreRefused() => RefusedAsync(new ShapOptions { Interactions = true }, "interactions need all 2^14 - 2 coalitions*");

    [Fact]
    public Task Logit_OfWhatIsNoProbability_IsRefused() => RefusedAsync(new ShapOptions { Link = ShapLink.Logit }, "link: logit needs probabilities*");

    [Fact]
    public async Task Rows_OfAnotherWidth_AreRefused()
    {
        Func<Task> explain = async () => await new KernelShap(Background.Uniform(Zeros)).ExplainAsync(Sum(14), new TabularData([1, 2], 2), new ShapOptions());
        await explain.Should().ThrowAsync<InferenceException>().WithMessage("A row has 2 features, and the background has 14.");
    }

    [Fact]
    public async Task Model_ThatAnswersNaN_FailsTheExplanation()
    {
        Func<Task> explain = async () => await new KernelShap(Background.Uniform(Zeros)).ExplainAsync(
            new FunctionScorer(14, static row => [row[0] + row[1] == 1 ? double.NaN : 0]), Ones(14), new ShapOptions());
        await explain.Should().ThrowAsync<InferenceException>().WithMessage("*not finite*");
    }

    [Fact]
    public async Task Logit_OfZeroAndOne_IsFinite()
    {
        ShapExplanation answer = await new KernelShap(Background.Uniform(new TabularData(new float[2], 2))).ExplainAsync(
            new FunctionScorer(2, static row => [1 - row[0], row[0]], ScoreKind.Probability), Ones(2), new ShapOptions { Link = ShapLink.Logit });
        answer.Values.Should().OnlyContain(static v => double.IsFinite(v));
        answer.Value(0, 1, 0).Should().BeApproximately(2 * Math.Log((1 << 25) - 1), 1e-9);
        answer.Value(0, 0, 0).Should().BeApproximately(-answer.Value(0, 1, 0), 1e-9);
        answer.Labels.Should().Equal(1);
    }

    [Fact]
    public async Task Features_LikeTheBackground_AreNoPlayers()
    {
        // Column 0 is missing everywhere, column 1 equal, column 2 different in one of two background rows, column 3 zero of either sign.
        var background = new TabularData([float.NaN, 5, 1, 0, float.NaN, 5, 2, -0f], 4);
        var row = new TabularData([float.NaN, 5, 1, 0], 4);
        ShapExplanation answer = await new KernelShap(Background.Uniform(background)).ExplainAsync(
            new FunctionScorer(4, static r => [(100 * r[1]) + r[2]]), row, new ShapOptions());
        (answer.Exact, answer.Samples).Should().Be((true, 0));
        answer.Values[0].Should().Be(0);
        answer.Values[1].Should().Be(0);
        answer.Values[2].Should().BeApproximately(-0.5, 1e-12);
        answer.Values[3].Should().Be(0);
    }

    [Fact]
    public async Task Values_FarFromZeroAndCloseTogether_ArePlayers()
    {
        // Seconds since 1970: an hour is two millionths of them. The second column does next to nothing.
        const float Noon = 1_700_000_000;
        var background = Background.Uniform(new TabularData([Noon, 0], 2));
        ShapExplanation answer = await new KernelShap(background).ExplainAsync(
            new FunctionScorer(2, static r => [((r[0] - Noon) / 3600) + (r[1] / 100)]), new TabularData([Noon + 3584, 1], 2), new ShapOptions());
        Ort.Distance(answer.Values, [3584 / 3600.0, 0.01]).Should().BeLessThan(1e-6);
    }

    [Fact]
    public async Task Row_OfTheBackground_HasZeros()
    {
        ShapExplanation answer = await new KernelShap(Background.Uniform(Ones(14))).ExplainAsync(Sum(14), Ones(14), new ShapOptions());
        answer.Values.Should().OnlyContain(static v => v == 0);
        answer.Exact.Should().BeTrue();
    }

    [Fact]
    public async Task Groups_OfColumns_PlayTogether()
    {
        var options = new ShapOptions { Groups = [[0, 3], [1], [2]], GroupNames = ["a", "b", "c"] };
        ShapExplanation answer = await new KernelShap(Background.Uniform(new TabularData(new float[4], 4))).ExplainAsync(
            new FunctionScorer(4, static row => [(row[0] * row[3]) + (2 * row[1] * row[2])]), Ones(4), options);
        answer.Players.Should().Be(3);
        Ort.Distance(answer.Values, [1, 1, 1]).Should().BeLessThan(1e-12);
    }

    [Fact]
    public async Task Weights_OfTheBackground_Count()
    {
        var background = new Background(new TabularData([0, 0, 4, 4], 2), new[] { 0.75, 0.25 }, "kmeans");
        ShapExplanation answer = await new KernelShap(background).ExplainAsync(
            new FunctionScorer(2, static row => [row[0] + (10 * row[1])]), new TabularData([2, 2], 2), new ShapOptions());
        answer.ExpectedValue[0].Should().BeApproximately(11, 1e-12);
        Ort.Distance(answer.Values, [1, 10]).Should().BeLessThan(1e-12);
    }

    [Fact]
    public async Task Rows_Together_AreWhatTheyAreAlone()
    {
        TabularData rows = Random(9, 14, 1);
        var background = Background.Uniform(Random(7, 14, 2));
        FunctionScorer scorer = Bent(14);
        var options = new ShapOptions { NSamples = 200, Seed = 4 };
        ShapExplanation all = await new KernelShap(background).ExplainAsync(scorer, rows, options);
        var shared = new KernelShap(background);
        ShapExplanation[] alone = await Task.WhenAll(Enumerable.Range(0, rows.Rows).Select(row => Task.Run(async () =>
            await shared.ExplainAsync(scorer, new TabularData(rows[row].ToArray(), 14), options))));
        all.Values.Should().Equal(alone.SelectMany(static one => one.Values));
        all.StandardErrors.Should().Equal(alone.SelectMany(static one => one.StandardErrors!));
        ShapExplanation other = await shared.ExplainAsync(scorer, rows, options with { Seed = 5 });
        other.Values.Should().NotEqual(all.Values);
    }

    [Fact]
    public async Task StopAt_OfALooseBound_TakesFewerSamples()
    {
        var background = Background.Uniform(Random(5, 14, 2));
        ShapExplanation full = await new KernelShap(background).ExplainAsync(Bent(14), Random(1, 14, 1), new ShapOptions { NSamples = 1000 });
        ShapExplanation early = await new KernelShap(background).ExplainAsync(Bent(14), Random(1, 14, 1), new ShapOptions { NSamples = 1000, StopAt = 0.05 });
        early.Samples.Should().BeLessThan(full.Samples / 3);
        early.StandardErrors!.Max().Should().BeLessThan(0.05 * (early.Values.Max() - Math.Min(0, early.Values.Min())));
        early.Values.Sum().Should().BeApproximately(full.Values.Sum(), 1e-9);
    }

    [Fact]
    public async Task Deadline_ThatPasses_EndsWithWhatThereIs()
    {
        var time = new FakeTimeProvider();
        FunctionScorer bent = Bent(14);
        var slow = new FunctionScorer(14, row =>
        {
            time.Advance(TimeSpan.FromMicroseconds(10));
            return [bent.ScoreAsync(row).Result.Values.Span[0]];
        });
        var shap = new KernelShap(Background.Uniform(Random(20, 14, 2)), time);
        ShapExplanation answer = await shap.ExplainAsync(slow, Random(2, 14, 1), new ShapOptions { Deadline = TimeSpan.FromMilliseconds(300) });
        answer.Exact.Should().BeFalse();
        answer.OutOfTime.Should().BeTrue();
        answer.Samples.Should().BeInRange(32, 1500);
        answer.StandardErrors!.Min().Should().BeGreaterThan(0);
        time.GetUtcNow().Should().BeBefore(time.Start.AddSeconds(1));
    }

    [Fact]
    public async Task Deadline_FarAway_DoesNotMatter()
    {
        var shap = new KernelShap(Background.Uniform(Random(5, 8, 2)));
        ShapExplanation answer = await shap.ExplainAsync(Bent(8), Random(1, 8, 1), new ShapOptions { Deadline = TimeSpan.FromHours(1) });
        answer.Exact.Should().BeTrue();
        answer.OutOfTime.Should().BeFalse();
        ShapExplanation plain = await shap.ExplainAsync(Bent(8), Random(1, 8, 1), new ShapOptions());
        Ort.Distance(answer.Values, plain.Values).Should().BeLessThan(1e-12);
    }

    [Fact]
    public async Task Cancellation_InTheMiddle_Stops()
    {
        using var source = new CancellationTokenSource();
        int calls = 0;
        var scorer = new FunctionScorer(14, row =>
        {
            if (++calls > 20_000)
            {
                source.Cancel();
            }

            return [row[0]];
        });
        Func<Task> explain = async () => await new KernelShap(Background.Uniform(Random(50, 14, 2)))
            .ExplainAsync(scorer, Random(3, 14, 1), new ShapOptions(), source.Token);
        await explain.Should().ThrowAsync<OperationCanceledException>();
        calls.Should().BeLessThan(60_000);
    }

    [Fact]
    public async Task Calls_OfManyRows_AreOfBoundedSize()
    {
        // Columns have different values in every background row: nothing can be merged.
        FunctionScorer scorer = Bent(12);
        await new KernelShap(Background.Uniform(Random(10, 12, 2))).ExplainAsync(scorer, Random(4, 12, 1), new ShapOptions { NSamples = 400 });
        scorer.Rows.Should().Be(4 + 10 + (4 * 400 * 10));
        scorer.Calls.Should().Be(2 + 1);
    }

    [Fact]
    public async Task Background_OfRepeatedValues_CostsFewerRows()
    {
        FunctionScorer scorer = Sum(6);
        float[] repeated = [.. Enumerable.Range(0, 60).Select(static i => i % 6 == 0 ? i / 12 % 2 : 0f)];
        await new KernelShap(Background.Uniform(new TabularData(repeated, 6))).ExplainAsync(scorer, new TabularData([5, 5, 5, 5, 5, 5], 6), new ShapOptions());
        scorer.Rows.Should().BeLessThanOrEqualTo(1 + 10 + (62 * 2));
    }

    [Fact]
    public async Task CoalitionScorer_PlaysTheSameGame()
    {
        var background = Background.Uniform(Random(6, 13, 2));
        FunctionScorer rows = Bent(13);
        var whole = new WholeGameScorer(rows);
        ShapExplanation expected = await new KernelShap(background).ExplainAsync(rows, Random(2, 13, 1), new ShapOptions { NSamples = 300 });
        ShapExplanation answer = await new KernelShap(background).ExplainAsync(whole, Random(2, 13, 1), new ShapOptions { NSamples = 300 });
        Ort.Distance(answer.Values, expected.Values).Should().BeLessThan(1e-12);
        whole.Sets.Should().HaveCount(2);
        whole.Sets.Distinct().Should().HaveCount(1, "rows that vary in the same players share one object");
    }

    private static async Task RefusedAsync(ShapOptions options, string why)
    {
        Func<Task> explain = async () => await new KernelShap(Background.Uniform(Zeros)).ExplainAsync(Sum(14), Ones(14), options);
        (await explain.Should().ThrowAsync<InferenceException>().WithMessage(why)).Which.Kind.Should().Be(ErrorKind.InvalidInput);
    }

    private static TabularData Ones(int features) => new([.. Enumerable.Repeat(1f, features)], features);

    private static TabularData Random(int rows, int features, int seed)
    {
        var random = new Random(seed);
        return new TabularData([.. Enumerable.Range(0, rows * features).Select(_ => random.NextSingle())], features);
    }

    private static FunctionScorer Sum(int features) => new(features, static row => [row.Sum()]);

    private static FunctionScorer Bent(int features) => new(features, static row =>
        [Math.Tanh(row.Select(static (x, i) => x * (i - 4) / 5.0).Sum()) + (row[0] * row[1] * row[2])]);

    /// <summary>Plays games itself, by rows.</summary>
    private sealed class WholeGameScorer(IScorer rows) : ICoalitionScorer
    {
        public List<CoalitionSet> Sets { get; } = [];

        public int Features => rows.Features;

        public bool ScoresCoalitions => true;

        public ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> values, CancellationToken cancellation = default) => rows.ScoreAsync(values, cancellation);

        public ValueTask<Scores> ScoreCoalitionsAsync(
            ReadOnlyMemory<float> row, CoalitionSet coalitions, Background background, CancellationToken cancellation)
        {
            Sets.Add(coalitions);
            return new(new Scores(Games.OfRows(rows, row.ToArray(), coalitions, background), 1, ScoreKind.Value));
        }
    }
}
