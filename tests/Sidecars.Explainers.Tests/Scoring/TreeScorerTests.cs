using CsCheck;
using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Scoring;
using Sidecars.Explainers.Tests.Graphs;

namespace Sidecars.Explainers.Tests.Scoring;

public sealed class TreeScorerTests
{
    [Theory]
    [InlineData("breast_cancer10_gb", "breast_cancer10")]
    [InlineData("breast_cancer10_rf", "breast_cancer10")]
    [InlineData("diabetes_gbr", "diabetes")]
    public Task KitModel_OnTestAndMixedRows_AnswersAsOnnxRuntime(string model, string data) => AnswersAsOnnxRuntime(model, data);

    [KitTheory]
    [InlineData("adult_gb", "adult")]
    [InlineData("breast_cancer_gb", "breast_cancer")]
    [InlineData("breast_cancer_rf", "breast_cancer")]
    [InlineData("diabetes_rfr", "diabetes")]
    public Task LargeKitModel_OnTestAndMixedRows_AnswersAsOnnxRuntime(string model, string data) => AnswersAsOnnxRuntime(model, data);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RandomTrees_OfEveryMode_HaveTheMarginsOfAPlainWalk(bool vectors) =>
        Gen.Select(RandomTrees.Ensembles(4, 2, maxDepth: 6), RandomTrees.Rows(150, 4), Gen.Int[1, 150]).Sample(
            (trees, values, count) =>
            {
                float[] rows = values[..(count * 4)];
                return Score(TreeScorer.TryCreate(trees, vectors)!, rows).SequenceEqual(Plain(trees, rows));
            }, iter: 400);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DeepTree_OfOneLongBranch_HasTheMarginsOfAPlainWalk(bool vectors)
    {
        const int depth = 70;
        var trees = new TreeEnsemble
        {
            Features = 2,
            Outputs = 1,
            Roots = [0],
            Feature = [.. Enumerable.Range(0, (2 * depth) + 1).Select(static i => i % 2 == 0 && i < 2 * depth ? i / 2 % 2 : -1)],
            Threshold = [.. Enumerable.Range(0, (2 * depth) + 1).Select(static i => i / 4f)],
            Mode = [.. Enumerable.Range(0, (2 * depth) + 1).Select(static i => i % 2 == 0 && i < 2 * depth ? SplitMode.LessOrEqual : SplitMode.Leaf)],
            Left = [.. Enumerable.Range(0, (2 * depth) + 1).Select(static i => i + 1)],
            Right = [.. Enumerable.Range(0, (2 * depth) + 1).Select(static i => i + 2)],
            MissingLeft = new bool[(2 * depth) + 1],
            Weights = [.. Enumerable.Range(0, (2 * depth) + 1).Select(static i => i * 0.1)],
            BaseValues = [0.5],
            PostTransform = PostTransform.None,
            IsClassifier = false,
            Classes = 0,
        };
        float[] rows = [.. Enumerable.Range(0, 200).Select(static i => i * 37 % 100 / 2.5f)];
        Score(TreeScorer.TryCreate(trees, vectors)!, rows).Should().Equal(Plain(trees, rows));
    }

    [Fact]
    public void Weights_ThatFloat32DoesNotHold_AreKeptWhole()
    {
        TreeEnsemble trees = RandomTrees.Grow(new Random(3), 3, 1, 5, 3, allModes: true);
        trees = trees with { Weights = Array.ConvertAll(trees.Weights, static w => w / 3) };
        float[] rows = [.. Enumerable.Range(0, 300).Select(static i => (i % 17 / 4f) - 2)];
        Score(TreeScorer.TryCreate(trees)!, rows).Should().Equal(Plain(trees, rows));
    }

    [Fact]
    public void Game_OfRandomTrees_IsTheGameOfItsRows() => Games(features: 5);

    [Fact]
    public void Game_OfManyFeatures_IsTheGameOfItsRows() => Games(features: 40, trees: 30);

    [Fact]
    public void LargeCall_OnSeveralThreads_IsTheSameAsOnOne()
    {
        TreeEnsemble trees = TreeEnsembleReader.TryRead(Kit.File("models/breast_cancer10_gb.onnx"))!;
        TabularData rows = Ort.Mix(Kit.Rows("data/breast_cancer10.train.csv"), 20_011, seed: 4);
        Score(TreeScorer.TryCreate(trees, threads: 3)!, rows.Values).Should().Equal(Score(TreeScorer.TryCreate(trees, threads: 1)!, rows.Values));
    }

    [Fact]
    public async Task Scorer_OfManyThreads_GivesEachTheSame()
    {
        TreeScorer scorer = TreeScorer.TryCreate(TreeEnsembleReader.TryRead(Kit.File("models/breast_cancer10_gb.onnx"))!)!;
        TabularData rows = Kit.Rows("data/breast_cancer10.test.csv");
        double[] alone = Score(scorer, rows.Values);
        double[][] together = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => Score(scorer, rows.Values))));
        together.Should().AllSatisfy(s => s.Should().Equal(alone));
    }

    [Fact]
    public async Task Scorer_Cancelled_Stops()
    {
        TreeScorer scorer = TreeScorer.TryCreate(TreeEnsembleReader.TryRead(Kit.File("models/breast_cancer10_gb.onnx"))!)!;
        TabularData rows = Kit.Rows("data/breast_cancer10.test.csv");
        var cancelled = new CancellationToken(true);
        await FluentActions.Awaiting(async () => await scorer.ScoreAsync(rows.Values, cancelled)).Should().ThrowAsync<OperationCanceledException>();
        await FluentActions.Awaiting(async () => await scorer.ScoreCoalitionsAsync(rows[0].ToArray(), Scoring.Games.All(10), Background.Uniform(rows), cancelled))
            .Should().ThrowAsync<OperationCanceledException>();
    }

    [Theory]
    [InlineData(float.NaN, nameof(SplitMode.LessOrEqual))]
    [InlineData(float.NegativeInfinity, nameof(SplitMode.Less))]
    public void Threshold_WithoutAnExactForm_IsLeftToOthers(float threshold, string mode)
    {
        TreeEnsemble trees = RandomTrees.Grow(new Random(1), 2, 1, 1, 1, allModes: false, stop: 0);
        trees.Threshold[0] = threshold;
        trees.Mode[0] = Enum.Parse<SplitMode>(mode);
        TreeScorer.TryCreate(trees).Should().BeNull();
    }

    [Theory]
    [InlineData(nameof(SplitMode.LessOrEqual))]
    [InlineData(nameof(SplitMode.Less))]
    [InlineData(nameof(SplitMode.GreaterOrEqual))]
    [InlineData(nameof(SplitMode.Greater))]
    [InlineData(nameof(SplitMode.Equal))]
    [InlineData(nameof(SplitMode.NotEqual))]
    public void Decision_AtTheEdgesOfFloat32_IsThatOfItsMode(string mode)
    {
        float[] numbers = [0f, -0f, float.Epsilon, -float.Epsilon, 1f, float.BitIncrement(1), float.BitDecrement(1), float.MaxValue, float.MinValue,
            float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        foreach (float threshold in numbers.Where(static t => t > float.NegativeInfinity))
        {
            foreach (bool missingLeft in (bool[])[false, true])
            {
                TreeEnsemble trees = RandomTrees.Grow(new Random(1), 1, 1, 1, 1, allModes: false, stop: 0);
                (trees.Threshold[0], trees.Mode[0], trees.MissingLeft[0]) = (threshold, Enum.Parse<SplitMode>(mode), missingLeft);
                Score(TreeScorer.TryCreate(trees)!, numbers).Should().Equal(Plain(trees, numbers), $"x {mode} {threshold}");
            }
        }
    }

    private static void Games(int features, int trees = 6) =>
        Gen.Select(RandomTrees.Ensembles(features, 3, trees, 5), Gen.Enum<PostTransform>(), Gen.Int[0, 1_000_000], Gen.Int[1, 80], Gen.Bool).Sample(
            (ensemble, transform, seed, backgroundRows, one) =>
            {
                var random = new Random(seed);
                ensemble = Classifier(ensemble, one && transform != PostTransform.Softmax ? 1 : 3, transform, random);
                float[] Row() => [.. Enumerable.Range(0, features).Select(_ => random.Next(20) == 0 ? float.NaN : random.Next(-8, 9) / 4f)];
                Background background = Scoring.Games.Weighted(new TabularData([.. Enumerable.Range(0, backgroundRows).SelectMany(_ => Row())], features), random);
                TreeScorer scorer = TreeScorer.TryCreate(ensemble)!;
                return !scorer.ScoresCoalitions
                    || Scoring.Games.Distance(scorer, Row(), Scoring.Games.Random(features, 24, random), background) < 1e-12;
            }, iter: 150);

    private static TreeEnsemble Classifier(TreeEnsemble trees, int outputs, PostTransform transform, Random random) => trees with
    {
        Outputs = outputs,
        Weights = [.. trees.Weights.Where((_, i) => i % 3 < outputs)],
        BaseValues = [.. Enumerable.Range(0, outputs).Select(_ => random.NextDouble())],
        PostTransform = transform,
        IsClassifier = true,
        Classes = Math.Max(2, outputs),
        MarginIsProbability = outputs == 1 && transform == PostTransform.None && random.Next(2) == 0,
    };

    private static double[] Score(TreeScorer scorer, ReadOnlyMemory<float> rows) => scorer.ScoreAsync(rows).AsTask().GetAwaiter().GetResult().Values.ToArray();

    private static double[] Plain(TreeEnsemble trees, float[] rows)
    {
        double[] margins = new double[rows.Length / trees.Features * trees.Outputs];
        for (int i = 0; i < rows.Length / trees.Features; i++)
        {
            trees.Margins(rows.AsSpan(i * trees.Features, trees.Features), margins.AsSpan(i * trees.Outputs, trees.Outputs));
        }

        return margins;
    }

    private static async Task AnswersAsOnnxRuntime(string model, string data)
    {
        string path = Kit.File($"models/{model}.onnx");
        TreeScorer scorer = TreeScorer.TryCreate(TreeEnsembleReader.TryRead(path)!)!;
        foreach (TabularData rows in (TabularData[])[Kit.Rows($"data/{data}.test.csv"), Ort.Mix(Kit.Rows($"data/{data}.train.csv"), 20_000, seed: 2)])
        {
            Scores ours = await scorer.ScoreAsync(rows.Values);
            Scores theirs = ours with { Values = Ort.Scores(path, rows) };

            // ONNX Runtime sums in float32: hundreds of leaves leave a few units in its last place.
            double scale = Math.Max(1, theirs.Values.ToArray().Max());
            Ort.Distance(ours.Values.Span, theirs.Values.Span).Should().BeLessThan(5e-7 * scale);
            if (ours.Kind == ScoreKind.Probability)
            {
                int[] labels = new int[rows.Rows];
                int[] expected = new int[rows.Rows];
                ours.ReadLabels(labels);
                theirs.ReadLabels(expected);
                Enumerable.Range(0, rows.Rows).Where(i => labels[i] != expected[i] && Math.Abs(theirs.Values.Span[2 * i] - 0.5) > 1e-6).Should().BeEmpty();
            }
        }
    }
}
