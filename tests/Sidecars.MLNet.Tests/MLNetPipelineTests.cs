using System.Text.Json.Nodes;

namespace Sidecars.MLNet.Tests;

public sealed class MLNetPipelineTests(ModelFiles files) : IClassFixture<ModelFiles>
{
    [Fact]
    public void Inputs_OfATrainedModel_AreTheColumnsItsScoresNeed()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Model);
        pipeline.Inputs.Should().BeEquivalentTo(
            [new TensorMetadata("Age", Datatype.FP32, -1), new TensorMetadata("Spend", Datatype.FP32, -1), new TensorMetadata("City", Datatype.BYTES, -1)],
            o => o.WithStrictOrdering().ComparingByMembers<TensorMetadata>());
        pipeline.Outputs.Should().BeEquivalentTo(
            [new TensorMetadata("PredictedLabel", Datatype.BOOL, -1), new TensorMetadata("Score", Datatype.FP32, -1), new TensorMetadata("Probability", Datatype.FP32, -1)],
            o => o.WithStrictOrdering().ComparingByMembers<TensorMetadata>());
    }

    [Fact]
    public void Outputs_OfAPipelineWithoutScores_AreWhatItsLastStepMakes()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Sum);
        pipeline.Outputs.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new TensorMetadata("Both", Datatype.FP32, -1, 2), o => o.ComparingByMembers<TensorMetadata>());
        pipeline.Inputs.Select(i => i.Name).Should().Equal("Left", "Right");
    }

    [Fact]
    public void Outputs_Chosen_NarrowWhatIsAskedOfCallers()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Model, ["CityCode"]);
        pipeline.Inputs.Select(i => i.Name).Should().Equal("City");
        Tensor code = pipeline.Transform([Tensor.FromStrings("City", ["Kiel", "Bonn", "Mars"])]).Should().ContainSingle().Which;
        code.Shape.ToArray().Should().Equal(3, 3);
        code.ToArray<float>().Should().Equal(0, 0, 1, 1, 0, 0, 0, 0, 0);
    }

    [Fact]
    public void Transform_OfManyRows_GivesWhatMLNetsOwnEngineGives()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Model);
        VisitAnswer[] expected = files.Reference(ModelFiles.Rows);
        IReadOnlyList<Tensor> outputs = pipeline.Transform(Tensors(ModelFiles.Rows));
        outputs[0].AsSpan<bool>().ToArray().Should().Equal(expected.Select(e => e.PredictedLabel));
        outputs[1].AsSpan<float>().ToArray().Should().Equal(expected.Select(e => e.Score));
        outputs[2].AsSpan<float>().ToArray().Should().Equal(expected.Select(e => e.Probability));
        expected.Select(e => e.PredictedLabel).Distinct().Should().HaveCount(2, "a model that always says the same would prove nothing");
    }

    [Fact]
    public void Transform_FromManyThreads_GivesEachItsOwnRows()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Model);
        VisitAnswer[] expected = files.Reference(ModelFiles.Rows);
        float[] found = new float[ModelFiles.Rows.Length * 20];
        Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            found[i] = pipeline.Transform(Tensors([ModelFiles.Rows[i % ModelFiles.Rows.Length]]))[2].AsSpan<float>()[0]);
        found.Should().Equal(Enumerable.Range(0, found.Length).Select(i => expected[i % expected.Length].Probability));
    }

    [Fact]
    public void Transform_OfV1RowsOfNamedFields_ReadsThemAsTheColumns()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Model);
        VisitRow row = ModelFiles.Rows[5];
        using InferRequest request = InferRequest.FromInstances(new JsonArray(
            new JsonObject { ["City"] = row.City, ["Age"] = row.Age, ["Spend"] = row.Spend }));
        pipeline.Transform(request)[2].AsSpan<float>()[0].Should().Be(files.Reference([row])[0].Probability);
    }

    [Fact]
    public void Transform_OfV1Lists_ReadsColumnsOfNumbersInTheirOrder()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Sum);
        using InferRequest request = InferRequest.FromInstances(new JsonArray(new JsonArray(1, 2.5), new JsonArray(3, 4)));
        Tensor both = pipeline.Transform(request)[0];
        both.Shape.ToArray().Should().Equal(2, 2);
        both.AsSpan<float>().ToArray().Should().Equal(1, 2.5f, 3, 4);
    }

    [Fact]
    public void Transform_OfAnUnnamedMatrix_TakesItFromAHook()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Sum);
        using InferRequest request = InferRequest.FromRows([1.5f, 2, 3, 4], columns: 2);
        pipeline.Transform(request)[0].AsSpan<float>().ToArray().Should().Equal(1.5f, 2, 3, 4);
    }

    [Fact]
    public void Transform_OfUnnamedTensors_TakesThemInOrder()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Sum);
        using InferRequest request = InferRequest.FromTensors(Tensor.Create<float>("", [1, 3]), Tensor.Create<float>("", [2, 4]));
        pipeline.Transform(request)[0].AsSpan<float>().ToArray().Should().Equal(1, 2, 3, 4);
    }

    [Fact]
    public void Transform_OfAMatrixForColumnsOfSeveralTypes_ConvertsEachToItsOwn()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Mixed, ["WholeOut", "ExactOut", "RoughOut"]);
        using InferRequest request = InferRequest.FromInstances(new JsonArray(new JsonArray(7, 0.1, 0.1), new JsonArray(-8, 2, 3)));
        IReadOnlyList<Tensor> outputs = pipeline.Transform(request);
        outputs.Single(o => o.Name == "WholeOut").AsSpan<long>().ToArray().Should().Equal(7, -8);
        outputs.Single(o => o.Name == "ExactOut").AsSpan<double>().ToArray().Should().Equal(0.1, 2);
        outputs.Single(o => o.Name == "RoughOut").AsSpan<float>().ToArray().Should().Equal(0.1f, 3);
    }

    [Fact]
    public void Transform_OfOneTensorForOneColumn_TakesAnyName()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Types, ["VectorOut"]);
        pipeline.Transform([Tensor.Create<float>("input-0", [1, 2, 3], 1, 3)])[0].AsSpan<float>().ToArray().Should().Equal(1, 2, 3);
    }

    [Fact]
    public void Transform_OfNoRows_GivesNoRows()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Model);
        IReadOnlyList<Tensor> outputs = pipeline.Transform(Tensors([]));
        outputs.Select(o => o.Shape.ToArray()).Should().AllBeEquivalentTo(new long[] { 0 });
    }

    [Fact]
    public void Transform_OfAnEmptyListOfInstances_GivesNoRows()
    {
        using MLNetPipeline pipeline = MLNetPipeline.Load(files.Model);
        using InferRequest request = InferRequest.FromInstances(new JsonArray());
        pipeline.Transform(request).Select(o => o.Count).Should().Equal(0, 0, 0);
    }

    private static Tensor[] Tensors(VisitRow[] rows) =>
    [
        Tensor.Create("Age", rows.Select(r => r.Age).ToArray()),
        Tensor.Create("Spend", rows.Select(r => r.Spend).ToArray()),
        Tensor.FromStrings("City", [.. rows.Select(r => r.City)]),
    ];
}
