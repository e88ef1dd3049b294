using Sidecars.Explainers.Scoring;
using Sidecars.Onnx;

namespace Sidecars.Explainers.Tests.Shap;

public sealed class ShapExplainerTests
{
    [Theory]
    [InlineData("breast_cancer10_gb", ShapModelOutput.Auto, ShapLink.Identity, "margin", "TreeShap")]
    [InlineData("breast_cancer10_gb", ShapModelOutput.Probability, ShapLink.Identity, "probability", "KernelShap")]
    [InlineData("breast_cancer10_gb", ShapModelOutput.Auto, ShapLink.Logit, "probability", "KernelShap")]
    [InlineData("breast_cancer10_rf", ShapModelOutput.Auto, ShapLink.Identity, "probability", "TreeShap")]
    [InlineData("breast_cancer10_lr", ShapModelOutput.Auto, ShapLink.Identity, "margin", "LinearShap")]
    [InlineData("breast_cancer10_lr", ShapModelOutput.Raw, ShapLink.Identity, "margin", "LinearShap")]
    [InlineData("breast_cancer10_lr", ShapModelOutput.Probability, ShapLink.Identity, "probability", "KernelShap")]
    [InlineData("breast_cancer10_lr", ShapModelOutput.Auto, ShapLink.Logit, "probability", "KernelShap")]
    public Task Answer_ToEachQuestion_IsExactByTheRightMethod(string model, ShapModelOutput output, ShapLink link, string golden, string method) =>
        IsExact(model, output, link, golden, method);

    [KitTheory]
    [InlineData("adult_gb", ShapModelOutput.Auto, ShapLink.Identity, "margin", "TreeShap")]
    [InlineData("adult_gb", ShapModelOutput.Probability, ShapLink.Identity, "probability", "KernelShap")]
    [InlineData("adult_gb", ShapModelOutput.Probability, ShapLink.Logit, "probability", "KernelShap")]
    [InlineData("adult_lr", ShapModelOutput.Auto, ShapLink.Identity, "margin", "LinearShap")]
    [InlineData("adult_lr", ShapModelOutput.Probability, ShapLink.Identity, "probability", "KernelShap")]
    [InlineData("adult_lr", ShapModelOutput.Probability, ShapLink.Logit, "probability", "KernelShap")]
    public Task Answer_OfAdult_IsExactByTheRightMethod(string model, ShapModelOutput output, ShapLink link, string golden, string method) =>
        IsExact(model, output, link, golden, method);

    [Fact]
    public async Task Network_InOnnxRuntime_IsExplainedByKernelShap()
    {
        string path = Kit.File("models/breast_cancer10_mlp.onnx");
        TabularData rows = ExactCase.Take(Kit.Rows("data/breast_cancer10.test.csv"), [0]);
        Background background = ExactCase.Background("breast_cancer10_lr");
        using var model = new OnnxModel(path, new OnnxOptions { Device = OnnxDevice.Cpu });
        using var scorer = new OnnxScorer(model, 10);
        ShapExplanation answer = await ShapExplainer.Create(path, background).ExplainAsync(scorer, rows, new ShapOptions());
        (answer.Method, answer.Exact, answer.Outputs).Should().Be(("KernelShap", true, 2));
        await FluentActions.Awaiting(async () => await ShapExplainer.Create(path, background).ExplainAsync(scorer, rows, new ShapOptions { ModelOutput = ShapModelOutput.Raw }))
            .Should().ThrowAsync<InferenceException>().WithMessage("The raw margin is known of*");
    }

    [Fact]
    public async Task Budget_OfTheCaller_IsKept()
    {
        (ShapExplainer explainer, IScorer scorer, TabularData rows) = Example("breast_cancer10_gb");
        ShapExplanation answer = await explainer.ExplainAsync(scorer, rows, new ShapOptions { ModelOutput = ShapModelOutput.Probability, NSamples = 100 });
        (answer.Exact, answer.Samples).Should().Be((false, 100));
    }

    [Fact]
    public async Task Trees_WithoutABackground_ArePathDependent()
    {
        TabularData train = Kit.Rows("data/breast_cancer10.train.csv");
        string path = Kit.File("models/breast_cancer10_gb.onnx");
        ShapExplanation answer = await ShapExplainer.Create(path, null, train).ExplainAsync(
            ModelScorers.TryRead(path, 10)!, ExactCase.Take(train, [0, 1]), new ShapOptions());
        (answer.Method, answer.Exact, answer.Rows).Should().Be(("TreeShap", true, 2));
    }

    [Theory]
    [InlineData(ShapModelOutput.Raw, ShapLink.Logit, TreeShapAlgorithm.Auto, "The logit link*")]
    [InlineData(ShapModelOutput.Auto, ShapLink.Identity, TreeShapAlgorithm.TreePathDependent, "*no tree ensemble*")]
    public async Task Question_ThatALinearModelHasNoAnswerTo_IsRefused(ShapModelOutput output, ShapLink link, TreeShapAlgorithm algorithm, string why)
    {
        (ShapExplainer explainer, IScorer scorer, TabularData rows) = Example("breast_cancer10_lr");
        await FluentActions.Awaiting(async () => await explainer.ExplainAsync(scorer, rows, new ShapOptions { ModelOutput = output, Link = link, Algorithm = algorithm }))
            .Should().ThrowAsync<InferenceException>().WithMessage(why);
    }

    [Theory]
    [InlineData("breast_cancer10_lr")]
    [InlineData("breast_cancer10_gb")]
    [InlineData(null)]
    public void Explainer_WithNothingToCompareWith_IsNotMade(string? model) =>
        FluentActions.Invoking(() => ShapExplainer.Create(model is null ? null : Kit.File($"models/{model}.onnx"), null))
            .Should().Throw<SidecarConfigurationException>().WithMessage("*need a background*");

    [Theory]
    [InlineData("breast_cancer10_lr")]
    [InlineData("breast_cancer10_gb")]
    public void Background_OfAnotherWidth_IsRefused(string model) =>
        FluentActions.Invoking(() => ShapExplainer.Create(Kit.File($"models/{model}.onnx"), Background.Uniform(new TabularData([1, 2, 3], 3))))
            .Should().Throw<SidecarConfigurationException>().WithMessage("*Rows of 3 features*");

    private static (ShapExplainer, IScorer, TabularData) Example(string model)
    {
        string path = Kit.File($"models/{model}.onnx");
        return (ShapExplainer.Create(path, ExactCase.Background(model)), ModelScorers.TryRead(path, 10)!, ExactCase.Take(Kit.Rows("data/breast_cancer10.test.csv"), [0, 5]));
    }

    private static async Task IsExact(string model, ShapModelOutput output, ShapLink link, string golden, string method)
    {
        ExactCase exact = ExactCase.Read(model, golden, link == ShapLink.Logit ? "logit" : "identity");
        string path = Kit.File($"models/{model}.onnx");
        TabularData rows = ExactCase.Take(Kit.Rows($"data/{model[..model.LastIndexOf('_')]}.test.csv"), exact.Rows);
        ShapExplanation answer = await ShapExplainer.Create(path, ExactCase.Background(model)).ExplainAsync(
            ModelScorers.TryRead(path, rows.Features)!, rows, new ShapOptions { ModelOutput = output, Link = link });
        (answer.Method, answer.Exact).Should().Be((method, true));

        // The file holds float32, the exact values come from float64.
        double tolerance = 1e-6 * Math.Max(1, exact.Values.Max(Math.Abs));
        Scoring.Ort.Distance(answer.Values, exact.Values).Should().BeLessThan(tolerance);
        Scoring.Ort.Distance(answer.ExpectedValue, exact.ExpectedValue).Should().BeLessThan(tolerance);
    }
}
