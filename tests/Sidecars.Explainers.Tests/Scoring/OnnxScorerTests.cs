using Sidecars.Onnx;

namespace Sidecars.Explainers.Tests.Scoring;

public sealed class OnnxScorerTests
{
    private static readonly float[] s_rows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    [Theory]
    [InlineData("breast_cancer10_lr", 2, ScoreKind.Probability)]
    [InlineData("breast_cancer10_mlp", 2, ScoreKind.Probability)]
    [InlineData("breast_cancer10_gb", 2, ScoreKind.Probability)]
    [InlineData("breast_cancer10_rf", 2, ScoreKind.Probability)]
    [InlineData("diabetes_gbr", 1, ScoreKind.Value)]
    [InlineData("diabetes_mlpr", 1, ScoreKind.Value)]
    public async Task Score_ModelOfTheKit_IsWhatTheModelItselfAnswers(string name, int outputs, ScoreKind kind)
    {
        using OnnxModel model = SmallModel.Open(Kit.File($"models/{name}.onnx"));
        TabularData data = Kit.Rows($"data/{name[..name.LastIndexOf('_')]}.test.csv");
        using var scorer = new OnnxScorer(model, data.Features, new OnnxScorerOptions { MaxRows = 7 });

        Scores scores = await scorer.ScoreAsync(data.Values);

        Tensor direct = model.Run([Tensor.Create("input", data.Values.ToArray(), data.Rows, data.Features)], [model.Outputs[^1].Name])[0];
        scores.Kind.Should().Be(kind);
        scores.Outputs.Should().Be(outputs);
        scores.Values.ToArray().Zip(direct.ToArray<double>()).Should().OnlyContain(static p => Math.Abs(p.First - p.Second) <= 1e-6 * Math.Max(1, Math.Abs(p.Second)));
    }

    [Theory]
    [InlineData("Sigmoid", ScoreKind.Probability)]
    [InlineData("Softmax", ScoreKind.Probability)]
    [InlineData("Identity", ScoreKind.Value)]
    public async Task Score_LastOperator_SaysWhatTheScoresAre(string last, ScoreKind kind)
    {
        using SmallModel file = SmallModel.Linear(3, 2, last);
        using OnnxModel model = file.Open();
        using var scorer = new OnnxScorer(model, 3);

        (await scorer.ScoreAsync(s_rows)).Kind.Should().Be(kind);
        scorer.Kind.Should().Be(kind);
    }

    [Fact]
    public async Task Score_ScoresOfAClassifierThatAreNoProbabilities_AreMargins()
    {
        using SmallModel file = SmallModel.Linear(3, 2)
            .Node("ArgMax", ["scores"], ["label"], "", SmallModel.Int("axis", 1), SmallModel.Int("keepdims", 0))
            .Output("label", SmallModel.Int64, -1);
        using OnnxModel model = file.Open();
        using var scorer = new OnnxScorer(model, 3);

        Scores scores = await scorer.ScoreAsync(s_rows);

        scores.Kind.Should().Be(ScoreKind.Margin);
        scores.Values.ToArray().Should().Equal(Enumerable.Range(0, 5).SelectMany(static r =>
            SmallModel.LinearScores(s_rows.AsSpan(r * 3, 3), 2).Select(static s => (double)(float)s)), static (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public async Task Score_OutputByName_IsTaken()
    {
        using SmallModel file = SmallModel.Linear(3, 2)
            .Node("ArgMax", ["scores"], ["label"], "", SmallModel.Int("axis", 1), SmallModel.Int("keepdims", 0))
            .Output("label", SmallModel.Int64, -1);
        using OnnxModel model = file.Open();
        using var scorer = new OnnxScorer(model, 3, new OnnxScorerOptions { Output = "label" });

        Scores scores = await scorer.ScoreAsync(s_rows);

        scores.Kind.Should().Be(ScoreKind.Label);
        scores.Outputs.Should().Be(1);
        int[] labels = new int[5];
        scores.ReadLabels(labels);
        labels.Should().Equal(Enumerable.Range(0, 5).Select(static r => SmallModel.LinearScores(s_rows.AsSpan(r * 3, 3), 2) is [var a, var b] && b > a ? 1 : 0));
    }

    [Fact]
    public async Task Score_ZipMap_IsThePlainTensorBeforeIt()
    {
        using SmallModel file = SmallModel.Linear(3, 2, "Softmax");
        using SmallModel ending = ZipMap();
        using OnnxModel plain = file.Open();
        using OnnxModel maps = ending.Open();
        using var expected = new OnnxScorer(plain, 3);
        using var scorer = new OnnxScorer(maps, 3);

        Scores scores = await scorer.ScoreAsync(s_rows);

        scores.Kind.Should().Be(ScoreKind.Probability);
        scores.Values.ToArray().Should().Equal((await expected.ScoreAsync(s_rows)).Values.ToArray());
    }

    [Fact]
    public async Task Score_DoubleModel_KeepsDoubles()
    {
        using SmallModel file = SmallModel.Linear(3, 1, type: SmallModel.Double);
        using OnnxModel model = file.Open();
        using var scorer = new OnnxScorer(model, 3);

        Scores scores = await scorer.ScoreAsync(s_rows);

        scores.Outputs.Should().Be(1);
        scores.Values.ToArray().Should().Equal(Enumerable.Range(0, 5).Select(static r => SmallModel.LinearScores(s_rows.AsSpan(r * 3, 3), 1)[0]));
    }

    [Fact]
    public async Task Score_InputForEachFeature_IsFilledByName()
    {
        using SmallModel file = new SmallModel()
            .Input("b", SmallModel.Int64, -1, 1).Input("a", SmallModel.Float, -1, 1)
            .Node("Cast", ["b"], ["bf"], "", SmallModel.Int("to", SmallModel.Float))
            .Constant("ten", SmallModel.Float, [10], 1)
            .Node("Mul", ["bf", "ten"], ["b10"]).Node("Add", ["a", "b10"], ["y"])
            .Output("y", SmallModel.Float, -1, 1);
        using OnnxModel model = file.Open();
        using var named = new OnnxScorer(model, new TabularSchema([new("a"), new("b")]));
        using var inOrder = new OnnxScorer(model, 2);

        (await named.ScoreAsync(new float[] { 1, 2, 3, 4 })).Values.ToArray().Should().Equal(21, 43);
        (await inOrder.ScoreAsync(new float[] { 1, 2, 3, 4 })).Values.ToArray().Should().Equal(12, 34);
        await named.Invoking(s => s.ScoreAsync(new float[] { 1, 2.5f }).AsTask()).Should().ThrowAsync<InferenceException>()
            .WithMessage("the model's input 'b' takes whole numbers, and got 2.5");
    }

    [Fact]
    public async Task Score_FixedNumberOfRows_IsFilledUp()
    {
        using SmallModel file = new SmallModel().Input("x", SmallModel.Float, 4, 3)
            .Node("ReduceSum", ["x", "axis"], ["y"], "", SmallModel.Int("keepdims", 1)).Constant("axis", SmallModel.Int64, [1], 1)
            .Output("y", SmallModel.Float, 4, 1);
        using OnnxModel model = file.Open();
        using var scorer = new OnnxScorer(model, 3);

        (await scorer.ScoreAsync(s_rows)).Values.ToArray().Should().Equal(6, 15, 24, 33, 42);
    }

    [Fact]
    public async Task Score_LabelsAsText_AreIndicesOfTheNamedClasses()
    {
        using SmallModel file = Texts();
        using OnnxModel model = file.Open();
        TabularFeature[] features = [new("a"), new("b")];
        using var scorer = new OnnxScorer(model, new TabularSchema(features, ["low", "high"]));

        Scores scores = await scorer.ScoreAsync(new float[] { 5, 1, 1, 5 });

        scores.Kind.Should().Be(ScoreKind.Label);
        scores.Values.ToArray().Should().Equal(0, 1);
    }

    [Fact]
    public async Task Score_LabelThatIsNoClass_NamesIt()
    {
        using SmallModel file = Texts();
        using OnnxModel model = file.Open();
        using var scorer = new OnnxScorer(model, new TabularSchema([new("a"), new("b")], ["low", "other"]));

        await scorer.Invoking(s => s.ScoreAsync(new float[] { 1, 5 }).AsTask()).Should().ThrowAsync<InferenceException>()
            .WithMessage("the model answered the label 'high', which is none of its 2 classes");
    }

    [Fact]
    public void Start_LabelsAsTextWithoutClasses_AsksForThem()
    {
        using SmallModel file = Texts();
        using OnnxModel model = file.Open();

        FluentActions.Invoking(() => new OnnxScorer(model, 2)).Should().Throw<SidecarConfigurationException>()
            .WithMessage("*output 'y' gives labels as text. Name the classes*");
    }

    [Fact]
    public void Start_WrongNumberOfFeatures_SaysBoth()
    {
        using SmallModel file = SmallModel.Linear(3, 2);
        using OnnxModel model = file.Open();

        FluentActions.Invoking(() => new OnnxScorer(model, 4)).Should().Throw<SidecarConfigurationException>()
            .WithMessage("*it takes 3 features (input 'x' FP32 [-1,3]); the data has 4.");
    }

    [Fact]
    public void Start_TextInputs_AreRefusedByName()
    {
        using SmallModel file = new SmallModel().Input("job", SmallModel.String, -1, 1).Input("age", SmallModel.Float, -1, 1)
            .Node("Identity", ["age"], ["y"]).Node("Identity", ["job"], ["z"])
            .Output("y", SmallModel.Float, -1, 1).Output("z", SmallModel.String, -1, 1);
        using OnnxModel model = file.Open();

        FluentActions.Invoking(() => new OnnxScorer(model, 2)).Should().Throw<SidecarConfigurationException>()
            .WithMessage("*input 'job' BYTES [-1,1]: only numbers can be explained.*");
    }

    [Fact]
    public void Start_UnknownOutput_ListsThoseThereAre()
    {
        using SmallModel file = SmallModel.Linear(3, 2);
        using OnnxModel model = file.Open();

        FluentActions.Invoking(() => new OnnxScorer(model, 3, new OnnxScorerOptions { Output = "proba" })).Should().Throw<SidecarConfigurationException>()
            .WithMessage("*has no output 'proba'; it has 'scores' FP32 [-1,2].");
    }

    [Fact]
    public void Start_OtherNumberOfClasses_IsRefused()
    {
        using SmallModel file = SmallModel.Linear(3, 3, "Softmax");
        using OnnxModel model = file.Open();

        FluentActions.Invoking(() => new OnnxScorer(model, new TabularSchema([new("a"), new("b"), new("c")], ["no", "yes"]))).Should()
            .Throw<SidecarConfigurationException>().WithMessage("*scores 3 classes; 2 are named: no, yes.");
    }

    [Fact]
    public void Start_CudaWhereThereIsNone_IsRefused()
    {
        using SmallModel file = SmallModel.Linear(3, 2);
        string path = file.Save();

        FluentActions.Invoking(() => new OnnxScorer(new OnnxModel(path, new OnnxOptions { Device = OnnxDevice.Cuda }), 3)).Should()
            .Throw<SidecarConfigurationException>().WithMessage("--onnx_device cuda:*has no CUDAExecutionProvider*");
    }

    [Fact]
    public async Task Score_ManyAtOnce_GivesEachItsOwn()
    {
        using OnnxModel model = SmallModel.Open(Kit.File("models/breast_cancer10_mlp.onnx"));
        TabularData data = Kit.Rows("data/breast_cancer10.test.csv");
        using var scorer = new OnnxScorer(model, data.Features);
        double[][] alone = new double[data.Rows][];
        for (int i = 0; i < alone.Length; i++)
        {
            alone[i] = (await scorer.ScoreAsync(data[i].ToArray())).Values.ToArray();
        }

        double[][] together = new double[data.Rows][];
        await Parallel.ForEachAsync(Enumerable.Range(0, data.Rows), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancel) =>
            together[i] = (await scorer.ScoreAsync(data[i].ToArray(), cancel)).Values.ToArray());

        together.Should().BeEquivalentTo(alone, static o => o.WithStrictOrdering());
    }

    [Fact]
    public async Task Score_Canceled_DoesNotRun()
    {
        using SmallModel file = SmallModel.Linear(3, 2);
        using OnnxModel model = file.Open();
        using var scorer = new OnnxScorer(model, 3);

        await scorer.Invoking(s => s.ScoreAsync(s_rows, new CancellationToken(true)).AsTask()).Should().ThrowAsync<OperationCanceledException>();
    }

    private static SmallModel ZipMap()
    {
        double[] weights = [.. Enumerable.Range(0, 6).Select(static k => ((k / 2) + 1.0) / ((k % 2) + 2.0))];
        return new SmallModel()
            .Input("x", SmallModel.Float, -1, 3)
            .Constant("w", SmallModel.Float, weights, 3, 2).Constant("b", SmallModel.Float, [0, 1], 2)
            .Node("MatMul", ["x", "w"], ["xw"]).Node("Add", ["xw", "b"], ["xwb"]).Node("Softmax", ["xwb"], ["scores"])
            .Node("ZipMap", ["scores"], ["maps"], "ai.onnx.ml", SmallModel.Ints("classlabels_int64s", 0, 1))
            .MapsOutput("maps");
    }

    /// <summary>"low" where the first of two numbers is the larger one, else "high".</summary>
    private static SmallModel Texts() => new SmallModel()
        .Input("x", SmallModel.Float, -1, 2)
        .Node("ArgMax", ["x"], ["at"], "", SmallModel.Int("axis", 1), SmallModel.Int("keepdims", 0))
        .Node("LabelEncoder", ["at"], ["y"], "ai.onnx.ml", SmallModel.Ints("keys_int64s", 0, 1), SmallModel.Strings("values_strings", "low", "high"))
        .Output("y", SmallModel.String, -1);
}
