using Microsoft.Extensions.Time.Testing;
using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Shap;
using Sidecars.Explainers.Tests.Graphs;
using Sidecars.Explainers.Tests.Progress;

namespace Sidecars.Explainers.Tests.Shap;

public sealed class ShapProgressTests
{
    private const int Features = 12, Samples = 600;

    private readonly FakeTimeProvider _time = new();
    private readonly Heard<ShapProgress> _heard = new();

    [Fact]
    public async Task KernelShap_OfASlowModel_CountsCoalitionsUpToThePlan()
    {
        TabularData rows = RandomRows(3, Features, 1);
        Background background = Background.Uniform(RandomRows(100, Features, 2));
        ShapExplanation answer = await new KernelShap(background, _time).ExplainAsync(
            Slow(), rows, new ShapOptions { NSamples = Samples, Progress = _heard });

        answer.Samples.Should().Be(Samples);
        _heard.Reports.Should().HaveCountGreaterThan(5).And.OnlyContain(static p => p.Rows == 3 && p.Planned == 3 * Samples && p.LargestStandardError == null);
        _heard.Reports.Select(static p => p.Coalitions).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        _heard.Reports[^1].Coalitions.Should().Be(3 * Samples);
        _heard.Reports.Select(static p => p.RowsDone).Should().BeInAscendingOrder().And.OnlyContain(static done => done < 3);
        _heard.Reports[^1].RowsDone.Should().Be(2);
    }

    [Fact]
    public async Task KernelShap_ThatStopsEarly_PlansLessAndTellsTheError()
    {
        // A sum is certain after the first rung.
        ShapExplanation answer = await new KernelShap(Background.Uniform(RandomRows(100, Features, 2)), _time).ExplainAsync(
            Slow(static row => [row.Sum()]), RandomRows(2, Features, 1), new ShapOptions { NSamples = Samples, StopAt = 0.05, Progress = _heard });

        answer.Samples.Should().BeLessThan(Samples);
        ShapProgress first = _heard.Reports[0], last = _heard.Reports[^1];
        (first.Planned, first.LargestStandardError).Should().Be((2 * Samples, null));
        last.Coalitions.Should().Be(2 * answer.Samples);
        last.Planned.Should().BeLessThan(2 * Samples);
        last.LargestStandardError.Should().BeInRange(0, 0.1);
    }

    [Fact]
    public async Task KernelShap_WithAndWithoutAListener_IsTheSame()
    {
        TabularData rows = RandomRows(4, Features, 1);
        Background background = Background.Uniform(RandomRows(60, Features, 2));
        var options = new ShapOptions { NSamples = Samples, StopAt = 0.2, Seed = 3 };
        ShapExplanation heard = await new KernelShap(background, _time).ExplainAsync(Slow(), rows, options with { Progress = _heard });
        ShapExplanation plain = await new KernelShap(background).ExplainAsync(Slow(), rows, options);

        _heard.Reports.Should().NotBeEmpty();
        heard.Samples.Should().Be(plain.Samples);
        heard.Values.Should().Equal(plain.Values);
        heard.StandardErrors.Should().Equal(plain.StandardErrors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TreeShap_OfManyRows_CountsRows(bool logistic)
    {
        TreeEnsemble trees = RandomTrees.Grow(new Random(5), 5, outputs: 1, trees: 4, depth: 4, allModes: false) with
        {
            PostTransform = logistic ? PostTransform.Logistic : PostTransform.None,
            IsClassifier = logistic,
            Classes = logistic ? 2 : 0,
        };
        TabularData rows = RandomRows(300, 5, 1);
        var options = new ShapOptions { ModelOutput = logistic ? ShapModelOutput.Probability : ShapModelOutput.Raw };
        var shap = new TreeShap(trees, Background.Uniform(RandomRows(20, 5, 2)));
        ShapExplanation heard = shap.Explain(rows, options with { Progress = _heard });

        CheckRows(300);
        heard.Values.Should().Equal(shap.Explain(rows, options).Values);
    }

    [Fact]
    public void LinearShap_OfManyRows_CountsRows()
    {
        LinearModel model = LinearModelReader.TryRead(Kit.File("models/breast_cancer10_lr.onnx"))!;
        TabularData rows = RandomRows(200, model.Features, 1);
        var shap = new LinearShap(model, Background.Uniform(RandomRows(5, model.Features, 2)));
        ShapExplanation heard = shap.Explain(rows, new ShapOptions { Progress = _heard });

        CheckRows(200);
        heard.Values.Should().Equal(shap.Explain(rows, new ShapOptions()).Values);
    }

    // How many reports there are is a matter of speed; the first one comes with the first row.
    private void CheckRows(int rows)
    {
        _heard.Reports[0].Should().Match<ShapProgress>(p => p.RowsDone >= 1 && p.RowsDone <= rows);
        _heard.Reports.Should().OnlyContain(p => p.Rows == rows && p.Coalitions == 0 && p.Planned == 0 && p.LargestStandardError == null);
        _heard.Reports.Select(static p => p.RowsDone).Should().BeInAscendingOrder();
    }

    private static TabularData RandomRows(int rows, int features, int seed)
    {
        var random = new Random(seed);
        return new TabularData([.. Enumerable.Range(0, rows * features).Select(_ => (float)Math.Round((random.NextDouble() * 4) - 2, 2))], features);
    }

    private TickingScorer Slow(Func<float[], double[]>? model = null) =>
        new(new FunctionScorer(Features, model ?? (static row => [Math.Tanh(row[0] * row[1]) + (row[2] * row[3] * row[4]) + row.Sum()])), _time);
}
