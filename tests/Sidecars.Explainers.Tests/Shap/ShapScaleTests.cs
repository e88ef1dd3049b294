namespace Sidecars.Explainers.Tests.Shap;

/// <summary>Every explanation says what its numbers are.</summary>
public sealed class ShapScaleTests
{
    private static readonly TabularData s_rows = Kit.Rows("data/breast_cancer10.test.csv");

    private static Background Some => Background.Uniform(new TabularData(s_rows.Values[..(20 * s_rows.Features)].ToArray(), s_rows.Features));

    private static TabularData One => new(s_rows[3].ToArray(), s_rows.Features);

    [Theory]
    [InlineData(ScoreKind.Value, ShapLink.Identity, ShapScale.Value)]
    [InlineData(ScoreKind.Probability, ShapLink.Identity, ShapScale.Probability)]
    [InlineData(ScoreKind.Probability, ShapLink.Logit, ShapScale.LogOdds)]
    [InlineData(ScoreKind.Margin, ShapLink.Identity, ShapScale.Margin)]
    [InlineData(ScoreKind.Label, ShapLink.Identity, ShapScale.Label)]
    public async Task KernelShap_OfScores_HasTheirScale(ScoreKind kind, ShapLink link, ShapScale expected)
    {
        var scorer = new FunctionScorer(2, static row => [row[0] > 0 ? 0.75 : 0.25], kind);
        var shap = new KernelShap(Background.Uniform(new TabularData(new float[] { -1, -1 }, 2)));

        ShapExplanation answer = await shap.ExplainAsync(scorer, new TabularData(new float[] { 1, 1 }, 2), new ShapOptions { Link = link });

        answer.Scale.Should().Be(expected);
    }

    [Theory]
    [InlineData(ShapModelOutput.Auto, ShapLink.Identity, ShapScale.LogOdds)]
    [InlineData(ShapModelOutput.Raw, ShapLink.Identity, ShapScale.LogOdds)]
    [InlineData(ShapModelOutput.Probability, ShapLink.Identity, ShapScale.Probability)]
    [InlineData(ShapModelOutput.Auto, ShapLink.Logit, ShapScale.LogOdds)]
    public void TreeShap_OfBoostedTrees_HasLogOddsOrProbabilities(ShapModelOutput output, ShapLink link, ShapScale expected) =>
        TreeShap.FromFile(Kit.File("models/breast_cancer10_gb.onnx"), Some).Explain(One, new ShapOptions { ModelOutput = output, Link = link }).Scale.Should().Be(expected);

    [Fact]
    public async Task LinearShap_OfALogisticModel_HasLogOdds()
    {
        ShapExplainer shap = ShapExplainer.Create(Kit.File("models/breast_cancer10_lr.onnx"), Some);

        ShapExplanation answer = await shap.ExplainAsync(new FunctionScorer(s_rows.Features, static _ => [0.5]), One, new ShapOptions());

        (answer.Method, answer.Scale).Should().Be(("LinearShap", ShapScale.LogOdds));
    }
}
