using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Tests.Graphs;

namespace Sidecars.Explainers.Tests.Shap;

public sealed class TreeShapTests
{
    private const double NoTables = 0;

    private static readonly TabularData Train = Kit.Rows("data/breast_cancer10.train.csv");
    private static readonly TabularData Test = Kit.Rows("data/breast_cancer10.test.csv");

    [Theory]
    [InlineData("breast_cancer10_gb", ShapModelOutput.Auto, 1)]
    [InlineData("breast_cancer10_gb", ShapModelOutput.Raw, 1)]
    [InlineData("breast_cancer10_gb", ShapModelOutput.Probability, 2)]
    [InlineData("breast_cancer10_rf", ShapModelOutput.Auto, 2)]
    [InlineData("breast_cancer10_rf", ShapModelOutput.Raw, 1)]
    public void Outputs_OfABinaryClassifier_AreOneMarginOrTwoProbabilities(string model, ShapModelOutput output, int outputs)
    {
        ShapExplanation shap = Open(model).Explain(Take(Test, 2), new ShapOptions { ModelOutput = output });
        shap.Outputs.Should().Be(outputs);
        shap.Values.Should().HaveCount(2 * outputs * 10);
        shap.Labels.Should().HaveCount(2);
        (shap.Method, shap.Exact, shap.Samples, shap.StandardErrors).Should().Be(("TreeShap", true, 0, null));
    }

    [Theory]
    [InlineData(TreeShapAlgorithm.Interventional)]
    [InlineData(TreeShapAlgorithm.TreePathDependent)]
    public void Row_AmongOthers_GetsTheSameNumbersAsAlone(TreeShapAlgorithm algorithm)
    {
        TreeShap shap = Open("breast_cancer10_gb");
        var options = new ShapOptions { Algorithm = algorithm, Interactions = true };
        ShapExplanation all = shap.Explain(Test, options);
        foreach (int row in new[] { 0, 17, Test.Rows - 1 })
        {
            ShapExplanation one = shap.Explain(new TabularData(Test[row].ToArray(), 10), options);
            one.Values.Should().Equal(all.Values[(row * 10)..((row + 1) * 10)]);
            one.Interactions.Should().Equal(all.Interactions![(row * 100)..((row + 1) * 100)]);
        }
    }

    [Fact]
    public async Task Callers_AtTheSameTime_GetTheSameNumbers()
    {
        TreeShap shap = Open("breast_cancer10_rf");
        ShapExplanation[] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => shap.Explain(Test, new ShapOptions()))));
        foreach (ShapExplanation other in all)
        {
            other.Values.Should().Equal(all[0].Values);
        }
    }

    [Theory]
    [InlineData(TreeShapAlgorithm.Interventional)]
    [InlineData(TreeShapAlgorithm.TreePathDependent)]
    public void Trees_WalkedInsteadOfTabulated_GiveTheSame(TreeShapAlgorithm algorithm)
    {
        TreeEnsemble trees = TreeEnsembleReader.TryRead(Kit.File("models/diabetes_gbr.onnx"))!;
        TabularData train = Kit.Rows("data/diabetes.train.csv"), rows = Take(Kit.Rows("data/diabetes.test.csv"), 10);
        var background = Background.Uniform(Take(train, 20));
        var options = new ShapOptions { Algorithm = algorithm, Interactions = true };
        ShapExplanation tables = new TreeShap(trees.WithCovers(train), background).Explain(rows, options);
        ShapExplanation walked = new TreeShap(trees.WithCovers(train), background, NoTables).Explain(rows, options);
        Near(walked.Values, tables.Values, 1e-10);
        Near(walked.Interactions!, tables.Interactions!, 1e-10);
    }

    [Fact]
    public void Labels_OfAForest_AreThoseOfOnnxRuntime()
    {
        string path = Kit.File("models/breast_cancer10_rf.onnx");
        using var model = new Sidecars.Onnx.OnnxModel(path);
        long[] expected = model.Run([Tensor.Create("input", Test.Values.ToArray(), Test.Rows, 10)], ["label"])[0].ToArray<long>();
        Open("breast_cancer10_rf").Explain(Test, new ShapOptions()).Labels.Should().Equal(expected.Select(static l => (int)l));
    }

    // A chain of n splits on n features: x0 ≤ 0 and x1 ≤ 0 and … leads to 1, everything else to 0. Against a row that fails
    // all, every feature gets 1/n; each pair's index is 1/(n − 1).
    [Theory]
    [InlineData(8)]
    [InlineData(20)]
    [InlineData(100)]
    public void Conjunction_OfManyFeatures_SharesEqually(int n)
    {
        TreeEnsemble trees = Chain(n);
        var background = Background.Uniform(new TabularData([.. Enumerable.Repeat(1f, n)], n));
        ShapExplanation shap = new TreeShap(trees, background).Explain(
            new TabularData([.. Enumerable.Repeat(-1f, n)], n), new ShapOptions { Interactions = true });
        shap.Values.Should().AllSatisfy(v => v.Should().BeApproximately(1.0 / n, 1e-13));
        shap.Interactions![1].Should().BeApproximately(0.5 / (n - 1), 1e-13);
    }

    // The same chain where half of the training rows go either way at each split: v(S) = 2^(|S| − n).
    [Theory]
    [InlineData(8)]
    [InlineData(20)]
    [InlineData(100)]
    public void Conjunction_OfManyFeaturesByCover_SharesEqually(int n)
    {
        TreeEnsemble trees = Chain(n);
        double[] covers = new double[trees.Nodes];
        for (int i = 0; i < n; i++)
        {
            (covers[2 * i], covers[(2 * i) + 1]) = (Math.Pow(0.5, i), Math.Pow(0.5, i + 1));
        }

        covers[2 * n] = Math.Pow(0.5, n);
        ShapExplanation shap = new TreeShap(trees with { Covers = covers }, null).Explain(
            new TabularData([.. Enumerable.Repeat(-1f, n)], n), new ShapOptions());
        shap.Values.Should().AllSatisfy(v => v.Should().BeApproximately((1 - Math.Pow(0.5, n)) / n, 1e-13));
    }

    [Fact]
    public void Chain_OfManyThousandNodes_IsExplained()
    {
        // The same feature again and again: x ≤ 0 asked 20 000 times, one player.
        TreeEnsemble chain = Chain(20_000);
        TreeEnsemble trees = chain with { Features = 1, Feature = [.. chain.Feature.Select(static f => Math.Min(f, 0))] };
        var options = new ShapOptions();
        foreach (double tables in new[] { NoTables, 1000_000 })
        {
            new TreeShap(trees, Background.Uniform(new TabularData([1], 1)), tables).Explain(new TabularData([-1], 1), options)
                .Values.Should().Equal(1);
            new TreeShap(trees.WithCovers(new TabularData([1, -1], 1)), null, tables).Explain(new TabularData([-1], 1), options)
                .Values[0].Should().BeApproximately(0.5, 1e-12);
        }
    }

    [Fact]
    public void Cancellation_BeforeTheEnd_IsHeeded()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        FluentActions.Invoking(() => Open("breast_cancer10_gb").Explain(Test, new ShapOptions(), cancellation.Token))
            .Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void NoRows_GiveNoValues()
    {
        ShapExplanation shap = Open("breast_cancer10_gb").Explain(new TabularData([], 10), new ShapOptions());
        shap.Rows.Should().Be(0);
        shap.Values.Should().BeEmpty();
        shap.ExpectedValue.Should().HaveCount(1);
    }

    [Fact]
    public void File_ThatIsNoTreeEnsemble_IsRefusedWithTheReason()
    {
        string path = TreeProto.Write(TreeProto.Model(3, TreeProto.Node("Relu", "input", "y")));
        try
        {
            FluentActions.Invoking(() => TreeShap.FromFile(path)).Should().Throw<NotSupportedException>()
                .WithMessage("*no plain tree ensemble. The graph has no tree ensemble.");
            TreeShap.TryFromFile(path, null, null, out string? reason).Should().BeNull();
            reason.Should().Be("The graph has no tree ensemble");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Background_OfAnotherWidth_IsRefused() =>
        FluentActions.Invoking(() => TreeShap.FromFile(Kit.File("models/breast_cancer10_gb.onnx"), Background.Uniform(new TabularData([1, 2], 2))))
            .Should().Throw<ArgumentException>().WithMessage("Rows of 2 features are no rows of a model of 10.*");

    public static TheoryData<string, bool, bool, ShapOptions, string> Refused => new()
    {
        { "breast_cancer10_gb", false, true, new() { Algorithm = TreeShapAlgorithm.Interventional }, "The interventional game needs a background." },
        { "breast_cancer10_gb", true, false, new() { Algorithm = TreeShapAlgorithm.TreePathDependent }, "The path-dependent game needs training data." },
        { "breast_cancer10_gb", false, false, new(), "There is neither a background nor training data." },
        { "breast_cancer10_gb", true, false, new() { Link = ShapLink.Logit, ModelOutput = ShapModelOutput.Raw }, "The logit link is for probabilities." },
        {
            "breast_cancer10_gb", false, true, new() { ModelOutput = ShapModelOutput.Probability },
            "The path-dependent game is played on the sums of trees: explain the raw margin with the identity link, or give a background."
        },
        { "diabetes_gbr", true, false, new() { ModelOutput = ShapModelOutput.Probability }, "The model answers no probabilities." },
        { "diabetes_gbr", true, false, new() { Groups = [[0, 1], [2]] }, "groups: column 3 is in no group; each must be in exactly one." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Options_ThatDoNotFit_AreRefused(string model, bool background, bool train, ShapOptions options, string message)
    {
        TabularData rows = Kit.Rows($"data/{model[..model.LastIndexOf('_')]}.test.csv");
        TreeShap shap = TreeShap.FromFile(Kit.File($"models/{model}.onnx"), background ? Background.Uniform(rows) : null, train ? rows : null);
        FluentActions.Invoking(() => shap.Explain(rows, options)).Should().Throw<InferenceException>().WithMessage(message);
    }

    [Fact]
    public void Row_OfAnotherWidth_IsRefused() =>
        FluentActions.Invoking(static () => Open("breast_cancer10_gb").Explain(new TabularData([1, 2], 2), new ShapOptions()))
            .Should().Throw<InferenceException>().WithMessage("A row has 2 features; the model has 10.");

    [Fact]
    public void Probabilities_OverTooManyFeatures_AreRefused()
    {
        TreeEnsemble trees = Chain(19) with { IsClassifier = true, Classes = 2, PostTransform = PostTransform.Logistic };
        var shap = new TreeShap(trees, Background.Uniform(new TabularData([.. Enumerable.Repeat(1f, 19)], 19)));
        FluentActions.Invoking(() => shap.Explain(
                new TabularData([.. Enumerable.Repeat(-1f, 19)], 19), new ShapOptions { ModelOutput = ShapModelOutput.Probability }))
            .Should().Throw<InferenceException>().WithMessage("*more than 18 here: explain the raw margin, or use KernelShap.");
    }

    [Fact]
    public void Logit_OfACertainAnswer_IsFinite()
    {
        // All three conditions lead to a margin of 100, whose probability is 1 in float64, and nothing else to 0.
        TreeEnsemble chain = Chain(3);
        TreeEnsemble trees = chain with
        {
            IsClassifier = true, Classes = 2, PostTransform = PostTransform.Logistic, Weights = [.. chain.Weights.Select(static w => 100 * w)],
        };
        ShapExplanation shap = new TreeShap(trees, Background.Uniform(new TabularData([1, 1, 1], 3))).Explain(
            new TabularData([-1, -1, -1], 3), new ShapOptions { Link = ShapLink.Logit });
        double most = Math.Log((1 << 25) - 1);
        Near(shap.RawPrediction, [-most, most], 1e-9);
        Near(shap.ExpectedValue, [0, 0], 1e-12);
        Near(shap.Values, [-most / 3, -most / 3, -most / 3, most / 3, most / 3, most / 3], 1e-9);
    }

    private static TreeShap Open(string model) =>
        TreeShap.FromFile(Kit.File($"models/{model}.onnx"), Background.Uniform(Take(Train, 30)), Train);

    private static TabularData Take(TabularData data, int rows) => ExactCase.Take(data, [.. Enumerable.Range(0, rows)]);

    private static void Near(double[] mine, double[] expected, double tolerance)
    {
        mine.Should().HaveCount(expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            mine[i].Should().BeApproximately(expected[i], tolerance, "entry {0}", i);
        }
    }

    // Node 2i asks x_i ≤ 0; its right is the leaf 2i + 1 of 0, its left the next node, at last the leaf 2n of 1.
    private static TreeEnsemble Chain(int n)
    {
        int[] all = [.. Enumerable.Range(0, (2 * n) + 1)];
        bool Splits(int i) => i % 2 == 0 && i < 2 * n;
        return new TreeEnsemble
        {
            Features = n,
            Outputs = 1,
            Roots = [0],
            Feature = [.. all.Select(i => Splits(i) ? i / 2 : -1)],
            Threshold = new float[all.Length],
            Mode = [.. all.Select(i => Splits(i) ? SplitMode.LessOrEqual : SplitMode.Leaf)],
            Left = [.. all.Select(i => Splits(i) ? i + 2 : -1)],
            Right = [.. all.Select(i => Splits(i) ? i + 1 : -1)],
            MissingLeft = new bool[all.Length],
            Weights = [.. all.Select(i => i == 2 * n ? 1.0 : 0)],
            BaseValues = [0],
            PostTransform = PostTransform.None,
            IsClassifier = false,
            Classes = 0,
        };
    }
}
