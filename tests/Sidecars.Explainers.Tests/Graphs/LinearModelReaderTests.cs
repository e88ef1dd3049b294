using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Scoring;
using Sidecars.Explainers.Tests.Scoring;

namespace Sidecars.Explainers.Tests.Graphs;

public sealed class LinearModelReaderTests
{
    [Theory]
    [InlineData("breast_cancer")]
    [InlineData("breast_cancer10")]
    public Task KitModel_OnItsTestRows_AnswersAsOnnxRuntime(string data) => AnswersAsOnnxRuntime(Kit.File($"models/{data}_lr.onnx"), Kit.Rows($"data/{data}.test.csv"));

    [KitFact]
    public Task AdultModel_OnItsTestRows_AnswersAsOnnxRuntime() => AnswersAsOnnxRuntime(Kit.File("models/adult_lr.onnx"), Kit.Rows("data/adult.test.csv"));

    [KitFact]
    public Task AdultModel_OnMixedRows_AnswersAsOnnxRuntime() =>
        AnswersAsOnnxRuntime(Kit.File("models/adult_lr.onnx"), Ort.Mix(Kit.Rows("data/adult.train.csv"), 20_000, seed: 1));

    [Theory]
    [MemberData(nameof(LinearGraphs.Names), MemberType = typeof(LinearGraphs))]
    public async Task Graph_OfEachShape_AnswersAsOnnxRuntime(string name)
    {
        GraphBuilder graph = LinearGraphs.All[name]();
        int features = (int)graph.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue;
        var random = new Random(5);
        float[] rows = [.. Enumerable.Range(0, 400 * features).Select(_ => random.Next(4) == 0 ? (float)((random.NextDouble() * 8) - 3) : random.Next(-2, 5))];
        string path = graph.Save();
        await AnswersAsOnnxRuntime(path, new TabularData(rows, features));
        File.Delete(path);
    }

    [Fact]
    public void BinaryModel_OfTheKit_KeepsOneMargin()
    {
        LinearModel model = LinearModelReader.TryRead(Kit.File("models/breast_cancer10_lr.onnx"))!;
        (model.Margins, model.Outputs, model.Transform, model.Kind).Should().Be((1, 2, ScoreTransform.LogisticPair, ScoreKind.Probability));
    }

    [Theory]
    [InlineData("breast_cancer10_mlp", "*Relu*")]
    [InlineData("breast_cancer10_gb", "*TreeEnsembleClassifier*")]
    public void Model_ThatIsNotLinear_IsNoneAndSaysWhy(string name, string why)
    {
        LinearModelReader.TryRead(Kit.File($"models/{name}.onnx"), out string? reason).Should().BeNull();
        reason.Should().Match(why);
    }

    [Theory]
    [InlineData("Mul", "product of features")]
    [InlineData("Max", "operator that is not known")]
    public void Features_ThatMeet_AreNotLinear(string op, string because)
    {
        GraphBuilder graph = new GraphBuilder(2).Node(op, ["x", "x"], ["y"]).Output("y", 2);
        LinearModelReader.TryRead(graph.Graph, out string? reason).Should().BeNull(because);
        reason.Should().Contain(op);
    }

    [Fact]
    public void Encoder_ThatRefusesUnknownCategories_IsNotRead()
    {
        GraphBuilder graph = new GraphBuilder(1)
            .Node("OneHotEncoder", ["x"], ["hot"], ("cats_int64s", new long[] { 0, 1 }), ("zeros", 0))
            .Node("LinearRegressor", ["hot"], ["y"], ("coefficients", new[] { 1f, 2f }), ("intercepts", new[] { 0f })).Output("y", 1);
        LinearModelReader.TryRead(graph.Graph, out string? reason).Should().BeNull();
        reason.Should().Contain("OneHotEncoder");
    }

    [Fact]
    public void Coefficients_ThatDoNotFit_AreNotRead()
    {
        GraphBuilder graph = new GraphBuilder(3).Node("LinearRegressor", ["x"], ["y"], ("coefficients", new[] { 1f, 2f }), ("intercepts", new[] { 0f })).Output("y", 1);
        LinearModelReader.TryRead(graph.Graph, out string? reason).Should().BeNull();
        reason.Should().Contain("LinearRegressor");
    }

    [Fact]
    public void File_ThatIsNoModel_IsRefusedByName()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "this is no model");
        FluentActions.Invoking(() => LinearModelReader.TryRead(path)).Should().Throw<InvalidDataException>().WithMessage($"{path} is not an ONNX file*");
        File.Delete(path);
    }

    private static async Task AnswersAsOnnxRuntime(string path, TabularData rows)
    {
        LinearModel? model = LinearModelReader.TryRead(path, out string? reason);
        reason.Should().BeNull();
        ArgumentNullException.ThrowIfNull(model);
        Scores ours = await new LinearScorer(model).ScoreAsync(rows.Values);
        double[] theirs = Ort.Scores(path, rows);

        // Sums of some dozens of float32 products against float64 ones. Where ONNX Runtime divides by a total of float32
        // differences from 1, a small total magnifies their rounding.
        double scale = Math.Max(1, theirs.Max(Math.Abs)) * (model.Transform == ScoreTransform.LogisticShare ? 100 : 1);
        Ort.Distance(ours.Values.Span, theirs).Should().BeLessThan(3e-7 * scale);
    }
}
