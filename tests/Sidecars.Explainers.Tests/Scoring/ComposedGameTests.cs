using Sidecars.Explainers.Scoring;
using Sidecars.Onnx;

namespace Sidecars.Explainers.Tests.Scoring;

public sealed class ComposedGameTests
{
    [Theory]
    [InlineData("breast_cancer10_lr", 2)]
    [InlineData("breast_cancer10_mlp", 2)]
    [InlineData("breast_cancer10_gb", 2)]
    [InlineData("breast_cancer10_rf", 2)]
    [InlineData("diabetes_gbr", 1)]
    [InlineData("diabetes_mlpr", 1)]
    public async Task Play_ModelOfTheKit_EqualsItsRows(string name, int outputs)
    {
        using OnnxModel model = SmallModel.Open(Kit.File($"models/{name}.onnx"));
        string set = name[..name.LastIndexOf('_')];
        TabularData test = Kit.Rows($"data/{set}.test.csv");
        Background background = Weighted(Kit.Rows($"data/{set}.train.csv"), 13);
        CoalitionSet coalitions = AllOf(test.Features, every: 7);

        // 100 rows a run: seven coalitions, and a last part of fewer.
        using var scorer = new OnnxScorer(model, test.Features, new OnnxScorerOptions { GameInGraph = true, MaxRows = 100 });
        for (int row = 0; row < 3; row++)
        {
            Scores scores = await ((ICoalitionScorer)scorer).ScoreCoalitionsAsync(test[row].ToArray(), coalitions, background, default);

            scores.Outputs.Should().Be(outputs);
            scores.Kind.Should().Be(scorer.Kind);
            Close(scores.Values.ToArray(), await RowsAsync(scorer, test[row].ToArray(), coalitions, background), 1e-6);
        }
    }

    [KitTheory]
    [InlineData("adult_mlp")]
    [InlineData("adult_lr")]
    public async Task Play_AdultModel_EqualsItsRows(string name)
    {
        using OnnxModel model = SmallModel.Open(Kit.File($"models/{name}.onnx"));
        TabularData test = Kit.Rows("data/adult.test.csv");
        Background background = Weighted(Kit.Rows("data/adult.train.csv"), 20);
        CoalitionSet coalitions = AllOf(test.Features, every: 41);
        using var scorer = new OnnxScorer(model, test.Features, new OnnxScorerOptions { GameInGraph = true });

        Scores scores = await ((ICoalitionScorer)scorer).ScoreCoalitionsAsync(test[0].ToArray(), coalitions, background, default);

        Close(scores.Values.ToArray(), await RowsAsync(scorer, test[0].ToArray(), coalitions, background), 1e-6);
    }

    [Fact]
    public async Task Play_OtherInputs_AreMadeInTheGraph()
    {
        using SmallModel file = new SmallModel()
            .Input("a", SmallModel.Int64, -1).Input("bc", SmallModel.Double, -1, 2)
            .Node("Cast", ["a"], ["ad"], "", SmallModel.Int("to", SmallModel.Double))
            .Node("Unsqueeze", ["ad", "axis"], ["a2"]).Constant("axis", SmallModel.Int64, [1], 1)
            .Node("Mul", ["a2", "bc"], ["y"])
            .Output("y", SmallModel.Double, -1, 2);
        using OnnxModel model = file.Open();
        using var scorer = new OnnxScorer(model, 3, new OnnxScorerOptions { GameInGraph = true });
        Background background = Weighted(new TabularData([1, 2, 3, 4, 5, 6, 7, 8, 9], 3), 3);
        CoalitionSet coalitions = AllOf(3, every: 1);

        Scores scores = await ((ICoalitionScorer)scorer).ScoreCoalitionsAsync(new float[] { 10, 20, 30 }, coalitions, background, default);

        Close(scores.Values.ToArray(), await RowsAsync(scorer, [10, 20, 30], coalitions, background), 1e-12);
        scores.Values.ToArray()[^2..].Should().Equal(200, 300);
    }

    [Theory]
    [InlineData(ShapLink.Identity)]
    [InlineData(ShapLink.Logit)]
    public async Task Project_EqualsTheSameOutside(ShapLink link)
    {
        using OnnxModel model = SmallModel.Open(Kit.File("models/breast_cancer10_mlp.onnx"));
        TabularData test = Kit.Rows("data/breast_cancer10.test.csv");
        Background background = Weighted(Kit.Rows("data/breast_cancer10.train.csv"), 10);
        CoalitionSet coalitions = AllOf(10, every: 5);
        double[] projection = [.. Enumerable.Range(0, 10 * coalitions.Count).Select(static i => Math.Sin(i))];
        using var scorer = new OnnxScorer(model, 10, new OnnxScorerOptions { GameInGraph = true, MaxRows = 500 });
        using ComposedGame game = scorer.Games!.Create(background, link);

        for (int row = 0; row < 2; row++)
        {
            double[] values = game.Project(test[row].ToArray(), coalitions, projection, default);

            double[] v = await RowsAsync(scorer, test[row].ToArray(), coalitions, background);
            double[] expected = new double[20];
            for (int i = 0; i < 10; i++)
            {
                for (int s = 0; s < coalitions.Count; s++)
                {
                    for (int c = 0; c < 2; c++)
                    {
                        double linked = link == ShapLink.Identity ? v[(s * 2) + c] : Math.Log(v[(s * 2) + c] / (1 - v[(s * 2) + c]));
                        expected[(i * 2) + c] += projection[(i * coalitions.Count) + s] * linked;
                    }
                }
            }

            values.Zip(expected).Should().OnlyContain(static p => Math.Abs(p.First - p.Second) < 1e-4);
        }
    }

    [Fact]
    public async Task Play_OtherCoalitionsInBetween_AreNotMixedUp()
    {
        using OnnxModel model = SmallModel.Open(Kit.File("models/breast_cancer10_gb.onnx"));
        TabularData test = Kit.Rows("data/breast_cancer10.test.csv");
        Background background = Weighted(Kit.Rows("data/breast_cancer10.train.csv"), 5);
        using var scorer = new OnnxScorer(model, 10, new OnnxScorerOptions { GameInGraph = true });
        CoalitionSet[] sets = [AllOf(10, every: 50), AllOf(10, every: 90)];

        foreach (CoalitionSet set in (CoalitionSet[])[sets[0], sets[1], sets[0], sets[0]])
        {
            Scores scores = await ((ICoalitionScorer)scorer).ScoreCoalitionsAsync(test[0].ToArray(), set, background, default);

            Close(scores.Values.ToArray(), await RowsAsync(scorer, test[0].ToArray(), set, background), 1e-6);
        }
    }

    [Fact]
    public async Task Play_Canceled_EndsAndLeavesTheNextCallWhole()
    {
        using OnnxModel model = SmallModel.Open(Kit.File("models/breast_cancer10_gb.onnx"));
        Background background = Weighted(Kit.Rows("data/breast_cancer10.train.csv"), 5);
        using var scorer = new OnnxScorer(model, 10, new OnnxScorerOptions { GameInGraph = true });
        CoalitionSet coalitions = AllOf(10, every: 50);
        ICoalitionScorer game = scorer;

        FluentActions.Invoking(() => game.ScoreCoalitionsAsync(new float[10], coalitions, background, new CancellationToken(true)))
            .Should().Throw<OperationCanceledException>();

        Scores scores = await game.ScoreCoalitionsAsync(new float[10], coalitions, background, default);
        Close(scores.Values.ToArray(), await RowsAsync(scorer, new float[10], coalitions, background), 1e-6);
    }

    [Fact]
    public void Start_OnTheCpu_PlaysRowsUnlessAsked()
    {
        using OnnxModel model = SmallModel.Open(Kit.File("models/breast_cancer10_gb.onnx"));
        using var scorer = new OnnxScorer(model, 10);

        ((ICoalitionScorer)scorer).ScoresCoalitions.Should().BeFalse();
    }

    [Fact]
    public void Start_GameThatCannotBeInTheGraph_SaysWhy()
    {
        using SmallModel file = new SmallModel().Input("x", SmallModel.Float, 4, 3).Node("Identity", ["x"], ["y"]).Output("y", SmallModel.Float, 4, 3);
        using OnnxModel model = file.Open();

        FluentActions.Invoking(() => new OnnxScorer(model, 3, new OnnxScorerOptions { GameInGraph = true })).Should()
            .Throw<SidecarConfigurationException>().WithMessage("The game of Shapley values cannot be part of the graph of *: it takes a fixed number of rows*");
    }

    private static Background Weighted(TabularData data, int rows)
    {
        double[] weights = [.. Enumerable.Range(1, rows).Select(i => 2.0 * i / (rows * (rows + 1)))];
        return new Background(new TabularData(data.Values[..(rows * data.Features)].ToArray(), data.Features), weights, "test");
    }

    /// <summary>Every so-manieth of all coalitions, and the full one.</summary>
    private static CoalitionSet AllOf(int features, int every) => new(features, [..
        Enumerable.Range(0, 1 << features).Where(s => s % every == 0).Append((1 << features) - 1)
            .SelectMany(s => Enumerable.Range(0, features).Select(f => (byte)((s >> f) & 1)))]);

    private static async Task<double[]> RowsAsync(IScorer scorer, float[] row, CoalitionSet coalitions, Background background)
    {
        int features = row.Length, count = background.Rows.Rows;
        float[] rows = new float[coalitions.Count * count * features];
        for (int i = 0; i < rows.Length; i++)
        {
            int f = i % features, b = i / features % count, s = i / features / count;
            rows[i] = coalitions.Mask.Span[(s * features) + f] == 1 ? row[f] : background.Rows[b][f];
        }

        Scores scores = await scorer.ScoreAsync(rows);
        double[] v = new double[coalitions.Count * scores.Outputs];
        for (int i = 0; i < scores.Values.Length; i++)
        {
            int c = i % scores.Outputs, b = i / scores.Outputs % count, s = i / scores.Outputs / count;
            v[(s * scores.Outputs) + c] += background.Weights.Span[b] * scores.Values.Span[i];
        }

        return v;
    }

    private static void Close(double[] actual, double[] expected, double tolerance)
    {
        actual.Should().HaveSameCount(expected);
        for (int i = 0; i < actual.Length; i++)
        {
            actual[i].Should().BeApproximately(expected[i], tolerance * Math.Max(1, Math.Abs(expected[i])));
        }
    }
}
