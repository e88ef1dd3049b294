using System.Text;
using Sidecars.Onnx.Tests.Models;

namespace Sidecars.Onnx.Tests;

public class OnnxPredictorTests
{
    private static readonly OnnxOptions s_cpu = new() { Device = OnnxDevice.Cpu };

    [Fact]
    public async Task Infer_V1Rows_GetTheGraphsNameAndDatatype()
    {
        using OnnxFile file = OnnxFile.Identity(OnnxType.Int64, -1, 2);
        file.Save();
        using OnnxPredictor predictor = await LoadedAsync(file.Folder);

        using InferResponse answer = await predictor.InferAsync(V1("""{"instances":[[1,2],[9007199254740993,4]]}"""), new PredictorCall("any"));

        Tensor output = answer.Output("y");
        output.Shape.ToArray().Should().Equal(2, 2);
        output.AsSpan<long>().ToArray().Should().Equal(1, 2, 9007199254740993, 4);
    }

    [Fact]
    public async Task Infer_V1Fields_GoToTheInputsOfTheirNames()
    {
        using OnnxFile file = OnnxFile.Sum();
        file.Save();
        using OnnxPredictor predictor = await LoadedAsync(file.Folder);

        using InferResponse answer = await predictor.InferAsync(V1("""{"instances":[{"b":1,"a":2.5},{"b":3,"a":4}]}"""), new PredictorCall("any"));

        answer.Outputs[0].AsSpan<float>().ToArray().Should().Equal(3.5f, 7);
    }

    [Fact]
    public async Task Infer_V1FieldsForOneInput_SaysToJoinThem()
    {
        using OnnxFile file = OnnxFile.Identity(OnnxType.Float, -1, 2);
        file.Save();
        using OnnxPredictor predictor = await LoadedAsync(file.Folder);

        var infer = () => predictor.InferAsync(V1("""{"instances":[{"a":1,"b":2}]}"""), new PredictorCall("any")).AsTask();

        (await infer.Should().ThrowAsync<InferenceException>()).Which.Message.Should().Be(
            "the model has one input, 'x' FP32 [-1,2]; given were 2: 'a' FP32 [1], 'b' FP32 [1]. Join the columns into one tensor first.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("something else")]
    public async Task Infer_OneTensorOfAnyName_GoesToTheOneInput(string name)
    {
        using OnnxFile file = OnnxFile.Identity(OnnxType.Float, -1);
        file.Save();
        using OnnxPredictor predictor = await LoadedAsync(file.Folder);

        using InferResponse answer = await predictor.InferAsync(
            InferRequest.FromTensors(Tensor.Create(name, new[] { 1f, 2f })), new PredictorCall("any"));

        answer.Output("y").AsSpan<float>().ToArray().Should().Equal(1, 2);
    }

    [Fact]
    public async Task Infer_TensorOfAnotherDatatype_IsRefused()
    {
        using OnnxFile file = OnnxFile.Identity(OnnxType.Float, -1);
        file.Save();
        using OnnxPredictor predictor = await LoadedAsync(file.Folder);

        var infer = () => predictor.InferAsync(InferRequest.FromTensors(Tensor.Create("x", new[] { 1d })), new PredictorCall("any")).AsTask();

        (await infer.Should().ThrowAsync<InferenceException>()).Which.Message.Should().Be("input 'x' FP32 [-1] was expected; given: FP64 [1]");
    }

    [Fact]
    public async Task Infer_SeveralModels_EachAnswersForItsName()
    {
        using OnnxFile numbers = OnnxFile.Identity(OnnxType.Float, -1);
        using OnnxFile texts = OnnxFile.Identity(OnnxType.String, -1);
        numbers.Save("numbers");
        Directory.CreateDirectory(Path.Combine(numbers.Folder, "texts"));
        File.Copy(texts.Save(), Path.Combine(numbers.Folder, "texts", "model.onnx"));
        using OnnxPredictor predictor = await LoadedAsync(numbers.Folder);

        (await predictor.GetModelMetadataAsync("numbers"))!.Inputs[0].Datatype.Should().Be(Datatype.FP32);
        (await predictor.GetModelMetadataAsync("texts")).Should().BeEquivalentTo(new ModelMetadata(
            "texts", "onnxruntime", [new TensorMetadata("x", Datatype.BYTES, -1)], [new TensorMetadata("y", Datatype.BYTES, -1)]));
        (await predictor.GetModelMetadataAsync("other")).Should().BeNull();
        (await predictor.IsModelReadyAsync("other")).Should().BeFalse();
        var infer = () => predictor.InferAsync(V1("""{"instances":[1]}"""), new PredictorCall("other")).AsTask();
        (await infer.Should().ThrowAsync<InferenceException>()).Which.Kind.Should().Be(ErrorKind.ModelNotFound);
    }

    [Fact]
    public async Task Infer_OwnFolderBesideADefault_GoesFirst()
    {
        using OnnxFile file = OnnxFile.Identity(OnnxType.Float, -1);
        file.Save();
        using OnnxFile texts = OnnxFile.Identity(OnnxType.String, -1);
        Directory.CreateDirectory(Path.Combine(file.Folder, "texts"));
        File.Copy(texts.Save(), Path.Combine(file.Folder, "texts", "model.onnx"));
        using OnnxPredictor predictor = await LoadedAsync(file.Folder);

        (await predictor.GetModelMetadataAsync("texts"))!.Inputs[0].Datatype.Should().Be(Datatype.BYTES);
        (await predictor.GetModelMetadataAsync("anything"))!.Inputs[0].Datatype.Should().Be(Datatype.FP32);
        (await predictor.IsServerReadyAsync()).Should().BeTrue();
        (await predictor.IsModelReadyAsync("anything")).Should().BeTrue();
    }

    [Fact]
    public async Task Infer_PastItsTime_IsATimeout()
    {
        using OnnxFile file = OnnxFile.Counting();
        file.Save();
        using OnnxPredictor predictor = await LoadedAsync(file.Folder);
        var call = new PredictorCall("any") { Timeout = TimeSpan.FromMilliseconds(50) };

        var infer = () => predictor.InferAsync(InferRequest.FromTensors(Tensor.Create("n", new[] { long.MaxValue })), call).AsTask();

        InferenceException e = (await infer.Should().ThrowAsync<InferenceException>()).Which;
        e.Kind.Should().Be(ErrorKind.PredictorTimeout);
        e.Message.Should().Be("The model did not answer within 0.05 s.");
    }

    [Fact]
    public async Task Infer_TimeBeyondAnyTimer_IsNoLimit()
    {
        using OnnxFile file = OnnxFile.Identity(OnnxType.Float, -1);
        file.Save();
        using OnnxPredictor predictor = await LoadedAsync(file.Folder);

        using InferResponse answer = await predictor.InferAsync(
            V1("""{"instances":[1]}"""), new PredictorCall("any") { Timeout = TimeSpan.FromDays(100000) });

        answer.Outputs[0].AsSpan<float>().ToArray().Should().Equal(1);
    }

    [Fact]
    public async Task Load_NoModel_SaysWhatToDo()
    {
        string folder = Directory.CreateTempSubdirectory("sidecars-onnx-").FullName;

        var load = () => LoadedAsync(folder);

        (await load.Should().ThrowAsync<SidecarConfigurationException>()).Which.Message.Should().Be(
            $"There is no model.onnx in the model directory {folder}, nor in a folder of it. "
            + "Put one there, give another folder with --model_dir, or a predictor with --predictor_host.");
        Directory.Delete(folder);
    }

    private static InferRequest V1(string json) => InferRequest.FromBody(Encoding.UTF8.GetBytes(json));

    private static async Task<OnnxPredictor> LoadedAsync(string folder)
    {
        var predictor = new OnnxPredictor(folder, s_cpu);
        await predictor.LoadAsync(default);
        return predictor;
    }
}
