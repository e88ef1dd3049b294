using Sidecars.Explainers.Tests.Scoring;
using Sidecars.Onnx;

namespace Sidecars.Explainers.Tests.Shap;

public sealed class KernelShapGoldenTests
{
    [Theory]
    [InlineData("breast_cancer10_gb")]
    [InlineData("breast_cancer10_lr")]
    [InlineData("breast_cancer10_mlp")]
    [InlineData("breast_cancer10_rf")]
    public async Task Probabilities_AllCoalitions_AreTheExactOnes(string model)
    {
        (ShapExplanation answer, ExactCase exact) = await ExplainAsync(model, "probability", "identity", new ShapOptions { Interactions = true }, rows: 8);
        answer.Exact.Should().BeTrue();
        answer.StandardErrors.Should().BeNull();
        Ort.Distance(answer.Values, exact.Values.AsSpan(0, answer.Values.Length)).Should().BeLessThan(2e-6);
        Ort.Distance(answer.ExpectedValue, exact.ExpectedValue).Should().BeLessThan(1e-6);
        Residual(answer).Should().BeLessThan(1e-12);
        InteractionRows(answer).Should().BeLessThan(1e-12);
    }

    [Theory]
    [InlineData("breast_cancer10_gb")]
    [InlineData("breast_cancer10_lr")]
    [InlineData("breast_cancer10_mlp")]
    [InlineData("breast_cancer10_rf")]
    public async Task LogOdds_AllCoalitions_AreTheExactOnes(string model)
    {
        // Rows whose probabilities come within 1e-4 of 0 or 1 are not in the kit; float32 leaves 2e-7 / edge of the others.
        (ShapExplanation answer, ExactCase exact) = await ExplainAsync(model, "probability", "logit", new ShapOptions { Link = ShapLink.Logit }, rows: 8);
        Ort.Distance(answer.Values, exact.Values.AsSpan(0, answer.Values.Length)).Should().BeLessThan(2e-3);
        Residual(answer).Should().BeLessThan(1e-10);
    }

    [Fact]
    public async Task Values_OfARegression_AreTheExactOnes()
    {
        (ShapExplanation answer, ExactCase exact) = await ExplainAsync("diabetes_mlpr", "value", "identity", new ShapOptions(), rows: 8);
        answer.Labels.Should().BeNull();
        Ort.Distance(answer.Values, exact.Values.AsSpan(0, answer.Values.Length)).Should().BeLessThan(1e-4);
    }

    [Theory]
    [InlineData("breast_cancer10_mlp", 256, 4e-3)]
    [InlineData("breast_cancer10_rf", 256, 3e-4)]
    [InlineData("breast_cancer_rf", 1000, 6e-4)]
    public async Task Probabilities_Sampled_AreClose(string model, int? samples, double most)
    {
        (ShapExplanation answer, ExactCase exact) = await ExplainAsync(model, "probability", "identity", new ShapOptions { NSamples = samples }, rows: 6);
        answer.Exact.Should().BeFalse();
        Residual(answer).Should().BeLessThan(1e-10);
        RelativeSquaredError(answer, exact).Should().BeLessThan(most);
        Coverage(answer, exact).Should().BeInRange(0.88, 1);
    }

    [KitTheory]
    [InlineData("adult_gb", 7e-5 / 100)]
    [InlineData("adult_mlp", 1.7e-4 / 100)]
    [InlineData("adult_lr", 1e-5)]
    public async Task Adult_AtTheDefaultBudget_IsFarBetterThanPlainSampling(string model, double most)
    {
        (ShapExplanation answer, ExactCase exact) = await ExplainAsync(model, "probability", "identity", new ShapOptions(), rows: 3);
        answer.Samples.Should().Be(2072);
        RelativeSquaredError(answer, exact).Should().BeLessThan(most);
        Coverage(answer, exact).Should().BeInRange(0.85, 1);
    }

    [KitFact]
    public async Task Adult_AllCoalitions_IsExact()
    {
        (ShapExplanation answer, ExactCase exact) = await ExplainAsync("adult_lr", "probability", "identity", new ShapOptions { NSamples = 4094 }, rows: 2);
        answer.Exact.Should().BeTrue();
        Ort.Distance(answer.Values, exact.Values.AsSpan(0, answer.Values.Length)).Should().BeLessThan(1e-6);
    }

    internal static async Task<(ShapExplanation Answer, ExactCase Exact)> ExplainAsync(
        string model, string output, string link, ShapOptions options, int? rows = null)
    {
        ExactCase exact = ExactCase.Read(model, output, link);
        int[] chosen = exact.Rows[..(rows ?? exact.Rows.Length)];
        TabularData data = ExactCase.Take(Kit.Rows($"data/{model[..model.LastIndexOf('_')]}.test.csv"), chosen);
        using var onnx = new OnnxModel(Kit.File($"models/{model}.onnx"), new OnnxOptions { Device = OnnxDevice.Cpu, IntraOpThreads = 1 });
        using var scorer = new OnnxScorer(onnx, data.Features);
        var shap = new KernelShap(ExactCase.Background(model));
        return (await shap.ExplainAsync(scorer, data, options), exact);
    }

    private static double Residual(ShapExplanation answer)
    {
        double largest = 0;
        for (int game = 0; game < answer.Rows * answer.Outputs; game++)
        {
            double sum = answer.Values.Skip(game * answer.Players).Take(answer.Players).Sum();
            largest = Math.Max(largest, Math.Abs(sum + answer.ExpectedValue[game % answer.Outputs] - answer.RawPrediction[game]));
        }

        return largest;
    }

    private static double InteractionRows(ShapExplanation answer) => Enumerable.Range(0, answer.Values.Length)
        .Max(i => Math.Abs(answer.Interactions!.Skip(i * answer.Players).Take(answer.Players).Sum() - answer.Values[i]));

    private static double RelativeSquaredError(ShapExplanation answer, ExactCase exact) => Enumerable.Range(0, answer.Rows * answer.Outputs)
        .Average(game =>
        {
            double[] truth = [.. exact.Values.Skip(game * answer.Players).Take(answer.Players)];
            double error = truth.Select((value, i) => Math.Pow(answer.Values[(game * answer.Players) + i] - value, 2)).Sum();
            return error / truth.Sum(static value => value * value);
        });

    private static double Coverage(ShapExplanation answer, ExactCase exact) => Enumerable.Range(0, answer.Values.Length)
        .Average(i => Math.Abs(answer.Values[i] - exact.Values[i]) <= (1.96 * answer.StandardErrors![i]) + 1e-12 ? 1.0 : 0);
}
