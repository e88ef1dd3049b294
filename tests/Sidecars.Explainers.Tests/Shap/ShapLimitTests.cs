using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Shap;
using Sidecars.Explainers.Tests.Graphs;

namespace Sidecars.Explainers.Tests.Shap;

/// <summary>A few words of a request cannot ask for all memory.</summary>
public sealed class ShapLimitTests
{
    [Theory]
    [InlineData(1 << 24, "nsamples: 16777216 coalitions are too many for 30 features and 1 outputs; at most 1118481 can be played.*")]
    [InlineData(1_118_482, "nsamples: 1118482 coalitions are too many*")]
    public async Task Coalitions_ThatTakeTooMuchRoom_AreRefused(int samples, string why)
    {
        var shap = new KernelShap(Background.Uniform(new TabularData(new float[30], 30)));
        Func<Task> explain = async () => await shap.ExplainAsync(
            new FunctionScorer(30, static row => [row.Sum()]), new TabularData([.. Enumerable.Repeat(1f, 30)], 30), new ShapOptions { NSamples = samples });
        (await explain.Should().ThrowAsync<InferenceException>().WithMessage(why)).Which.Kind.Should().Be(ErrorKind.InvalidInput);
    }

    [Fact]
    public async Task Coalitions_OfFewPlayers_AreAsManyAsThereAre()
    {
        // All 2^14 - 2 of them, whatever the number asked for.
        ShapExplanation answer = await KernelShapGameTests.PlayAsync(14, static row => row.Sum(), samples: 1 << 24);
        answer.Exact.Should().BeTrue();
        answer.Samples.Should().Be((1 << 14) - 2);
    }

    [Fact]
    public void Interactions_OfTooManyRows_AreRefused()
    {
        TreeEnsemble trees = RandomTrees.Grow(new Random(1), 100, 1, 2, 3, allModes: false);
        var shap = new TreeShap(trees, Background.Uniform(new TabularData(new float[100], 100)));
        var rows = new TabularData(new float[3356 * 100], 100);
        FluentActions.Invoking(() => shap.Explain(rows, new ShapOptions { Interactions = true })).Should().Throw<InferenceException>()
            .WithMessage("interactions of 3356 rows, 1 outputs and 100 features are 33560000 numbers, and one answer has at most 33554432: ask for fewer rows at a time.");
        shap.Explain(rows, new ShapOptions()).Values.Should().HaveCount(335_600);
    }

    [Theory]
    [InlineData(1000, 1, 1000, true)]
    [InlineData(1_000_000, 10, 30, false)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue, true)]
    public void Answers_LargerThanMemory_AreRefused(int rows, int outputs, int players, bool interactions) =>
        FluentActions.Invoking(() => ShapLimits.CheckAnswer(rows, outputs, players, interactions)).Should().Throw<InferenceException>();

    [Fact]
    public void Answers_OfAMillionRows_AreGiven() => ShapLimits.CheckAnswer(1_000_000, 1, 33, interactions: false);
}
