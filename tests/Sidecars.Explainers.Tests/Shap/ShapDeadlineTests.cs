using Microsoft.Extensions.Time.Testing;
using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Scoring;
using Sidecars.Explainers.Shap;
using Sidecars.Explainers.Tests.Graphs;

namespace Sidecars.Explainers.Tests.Shap;

/// <summary>What a deadline does to methods that have a best so far, and to those that have none.</summary>
public sealed class ShapDeadlineTests
{
    private const double NoTables = 0;

    private static readonly ShapOptions s_hurried = new() { Deadline = TimeSpan.FromMilliseconds(500) };

    [Theory]
    [InlineData(MarginGame.MaxPatterns, ShapModelOutput.Raw)]
    [InlineData(NoTables, ShapModelOutput.Raw)]
    [InlineData(MarginGame.MaxPatterns, ShapModelOutput.Probability)]
    public void Trees_OverTheirTime_EndWithAnErrorThatSaysSo(double patterns, ShapModelOutput output)
    {
        var shap = new TreeShap(Trees(), Background.Uniform(new TabularData([1, 1, 1], 3)), patterns, new HurryingTime());
        ShapOptions options = s_hurried with { ModelOutput = output };
        FluentActions.Invoking(() => shap.Explain(Rows(600), options))
            .Should().Throw<InferenceException>().WithMessage("The deadline passed before all rows were explained*ask for fewer rows*")
            .Which.Kind.Should().Be(ErrorKind.DeadlineExceeded);

        ShapExplanation one = shap.Explain(Rows(1), options);
        one.Values.Should().HaveCount(3 * one.Outputs);
        shap.Explain(Rows(600), options with { Deadline = TimeSpan.FromDays(1) }).Values.Should().HaveCount(600 * 3 * one.Outputs);
    }

    [Fact]
    public void LinearModel_OverItsTime_EndsWithAnErrorThatSaysSo()
    {
        LinearModel model = LinearModelReader.TryRead(Kit.File("models/breast_cancer10_lr.onnx"))!;
        TabularData data = Kit.Rows("data/breast_cancer10.test.csv");
        var many = new TabularData([.. Enumerable.Range(0, 20).SelectMany(_ => data.Values.ToArray())], 10);
        var shap = new LinearShap(model, Background.Uniform(data), new HurryingTime());
        FluentActions.Invoking(() => shap.Explain(many, s_hurried))
            .Should().Throw<InferenceException>().Which.Kind.Should().Be(ErrorKind.DeadlineExceeded);
        shap.Explain(data, s_hurried).Rows.Should().Be(data.Rows);
    }

    [Fact]
    public async Task Rows_TooManyToBePlayedTogether_ShareTheTime()
    {
        // 14 players: 2076 coalitions a row, so that two rows are played at a time, and the calls take 50 ms each.
        var time = new FakeTimeProvider();
        var random = new Random(3);
        var rows = new TabularData([.. Enumerable.Range(0, 6 * 14).Select(_ => random.NextSingle())], 14);
        var background = new TabularData([.. Enumerable.Range(0, 10 * 14).Select(_ => random.NextSingle())], 14);
        var model = new FunctionScorer(14, static row => [Math.Tanh(row.Select(static (x, i) => x * (i - 4) / 5.0).Sum()) + (row[0] * row[1] * row[2])]);
        var shap = new KernelShap(Background.Uniform(background), time, mostWorth: 4200);
        ShapExplanation answer = await shap.ExplainAsync(
            new TickingScorer(model, time), rows, new ShapOptions { Deadline = TimeSpan.FromMilliseconds(750) });
        answer.OutOfTime.Should().BeTrue();
        double[] errors = [.. answer.StandardErrors!.Chunk(14).Select(static row => row.Max())];
        errors[5].Should().BeLessThan(2 * errors[0], "the last rows have as much time as the first");
        time.GetUtcNow().Should().BeBefore(time.Start.AddMilliseconds(900));
    }

    private static TabularData Rows(int rows) => new([.. Enumerable.Repeat(-1f, rows * 3)], 3);

    private static TreeEnsemble Trees() => RandomTrees.Grow(new Random(2), 3, 1, 3, 3, allModes: false) with
    {
        IsClassifier = true, Classes = 2, PostTransform = PostTransform.Logistic,
    };
}
