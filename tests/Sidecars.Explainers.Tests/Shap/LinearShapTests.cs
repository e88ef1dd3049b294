using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Shap;

namespace Sidecars.Explainers.Tests.Shap;

public sealed class LinearShapTests
{
    [Theory]
    [InlineData("breast_cancer")]
    [InlineData("breast_cancer10")]
    public void Margins_OfTheKit_AreExact(string data) => MarginsAreExact(data);

    [KitFact]
    public void Margins_OfAdult_AreExact() => MarginsAreExact("adult");

    [Fact]
    public void Groups_Together_HaveTheSumOfTheirColumns()
    {
        (LinearModel model, Background background, TabularData rows) = Example();
        ShapExplanation alone = new LinearShap(model, background).Explain(rows, new ShapOptions());
        ShapExplanation grouped = new LinearShap(model, background).Explain(rows, new ShapOptions { Groups = [[3, 0], [1, 2, 4, 5], [6, 7, 8, 9]] });
        grouped.Players.Should().Be(3);
        for (int i = 0; i < rows.Rows; i++)
        {
            grouped.Value(i, 0, 0).Should().BeApproximately(alone.Value(i, 0, 0) + alone.Value(i, 0, 3), 1e-12);
        }
    }

    [Fact]
    public void Values_AndExpectedValue_SumToThePrediction()
    {
        (LinearModel model, Background background, TabularData rows) = Example();
        ShapExplanation answer = new LinearShap(model, background).Explain(rows, new ShapOptions());
        for (int i = 0; i < rows.Rows; i++)
        {
            double sum = answer.ExpectedValue[0] + Enumerable.Range(0, answer.Players).Sum(p => answer.Value(i, 0, p));
            sum.Should().BeApproximately(answer.RawPrediction[i], 1e-12);
        }

        (answer.Method, answer.Exact, answer.StandardErrors, answer.Samples).Should().Be(("LinearShap", true, null, 0));
        answer.Labels.Should().Equal(answer.RawPrediction.Select(static m => m > 0 ? 1 : 0));
    }

    [Fact]
    public void Interactions_OfALinearModel_AreOnTheDiagonal()
    {
        (LinearModel model, Background background, TabularData rows) = Example();
        ShapExplanation answer = new LinearShap(model, background).Explain(rows, new ShapOptions { Interactions = true });
        for (int i = 0; i < answer.Players; i++)
        {
            for (int j = 0; j < answer.Players; j++)
            {
                answer.Interactions![(i * answer.Players) + j].Should().Be(i == j ? answer.Value(0, 0, i) : 0);
            }
        }
    }

    [Theory]
    [InlineData(ShapModelOutput.Probability, ShapLink.Identity, "*probabilities*")]
    [InlineData(ShapModelOutput.Raw, ShapLink.Logit, "*link*")]
    public void Options_WithoutAClosedForm_AreRefused(ShapModelOutput output, ShapLink link, string why)
    {
        (LinearModel model, Background background, TabularData rows) = Example();
        FluentActions.Invoking(() => new LinearShap(model, background).Explain(rows, new ShapOptions { ModelOutput = output, Link = link }))
            .Should().Throw<InferenceException>().WithMessage(why);
    }

    [Fact]
    public void Groups_ThatLeaveAColumnOut_AreRefused()
    {
        (LinearModel model, Background background, TabularData rows) = Example();
        FluentActions.Invoking(() => new LinearShap(model, background).Explain(rows, new ShapOptions { Groups = [[0, 1], [2, 3]] }))
            .Should().Throw<InferenceException>().WithMessage("*column 4 is in no group*");
    }

    [Fact]
    public void Rows_OfAnotherWidth_AreRefused()
    {
        (LinearModel model, Background background, _) = Example();
        FluentActions.Invoking(() => new LinearShap(model, background).Explain(new TabularData([1, 2], 2), new ShapOptions()))
            .Should().Throw<InferenceException>().WithMessage("A row has 2 features; the model has 10.");
    }

    [Fact]
    public void Explain_Cancelled_Stops()
    {
        (LinearModel model, Background background, TabularData rows) = Example();
        FluentActions.Invoking(() => new LinearShap(model, background).Explain(rows, new ShapOptions(), new CancellationToken(true)))
            .Should().Throw<OperationCanceledException>();
    }

    private static (LinearModel, Background, TabularData) Example() => (
        LinearModelReader.TryRead(Kit.File("models/breast_cancer10_lr.onnx"))!,
        ExactCase.Background("breast_cancer10_lr"),
        ExactCase.Take(Kit.Rows("data/breast_cancer10.test.csv"), [0, 1, 2, 3, 4]));

    private static void MarginsAreExact(string data)
    {
        ExactCase exact = ExactCase.Read($"{data}_lr", "margin", "identity");
        LinearModel model = LinearModelReader.TryRead(Kit.File($"models/{data}_lr.onnx"))!;
        ShapExplanation answer = new LinearShap(model, ExactCase.Background($"{data}_lr"))
            .Explain(ExactCase.Take(Kit.Rows($"data/{data}.test.csv"), exact.Rows), new ShapOptions());
        double scale = exact.Values.Max(Math.Abs);
        Scoring.Ort.Distance(answer.Values, exact.Values).Should().BeLessThan(1e-6 * scale);
        Scoring.Ort.Distance(answer.ExpectedValue, exact.ExpectedValue).Should().BeLessThan(1e-6 * scale);
        Scoring.Ort.Distance(answer.RawPrediction, exact.Fx).Should().BeLessThan(1e-6 * scale);
    }
}
