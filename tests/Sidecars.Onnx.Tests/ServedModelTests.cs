using Sidecars.Onnx.Tests.Models;

namespace Sidecars.Onnx.Tests;

public class ServedModelTests
{
    private static readonly string s_row = string.Join(", ", Patients.Values[..30]);

    [Fact]
    public async Task Metadata_OfAModelThatDeclaresNone_IsTheGraphs()
    {
        await using Served served = await Served.StartAsync(Patients.Folder);

        (await served.GetAsync("/v2/models/m")).GetRawText().Should().Be(
            """{"name":"m","versions":null,"platform":"onnxruntime","inputs":[{"name":"input","datatype":"FP32","shape":[-1,30]}],"outputs":"""
            + """[{"name":"label","datatype":"INT64","shape":[-1]},{"name":"probabilities","datatype":"FP32","shape":[-1,2]}]}""");
    }

    [Fact]
    public async Task Metadata_UnderAnAlias_IsThatOfTheModelItStandsFor()
    {
        using OnnxFile file = OnnxFile.Identity(OnnxType.Float, -1);
        file.Save("m");
        await using Served served = await Served.StartAsync(file.Folder);

        (await served.GetAsync("/v2/models/alias")).GetRawText().Should().Be(
            """{"name":"alias","versions":null,"platform":"onnxruntime","inputs":[{"name":"x","datatype":"FP32","shape":[-1]}],"outputs":[{"name":"y","datatype":"FP32","shape":[-1]}]}""");
        (await served.PostAsync("/v1/models/alias:predict", """{"instances":[1,2.5]}""")).Should().Be((200, """{"predictions":[1.0,2.5]}"""));
    }

    [Fact]
    public async Task Metadata_WithAnotherNameTowardsThePredictor_IsThatModels()
    {
        using OnnxFile file = OnnxFile.Identity(OnnxType.Int64, -1);
        file.Save("other");
        await using Served served = await Served.StartAsync(file.Folder, "--predictor_model_name", "other");

        (await served.GetAsync("/v2/models/m")).GetProperty("inputs")[0].GetProperty("datatype").GetString().Should().Be("INT64");
        (await served.PostAsync("/v1/models/m:predict", """{"instances":[1,2]}""")).Should().Be((200, """{"predictions":[1,2]}"""));
    }

    [Fact]
    public async Task Infer_OneOutputAskedFor_GivesThatOne()
    {
        await using Served served = await Served.StartAsync(Patients.Folder);

        (await served.PostAsync("/v2/models/m/infer", $$"""
            {"id":"7","inputs":[{"name":"input","datatype":"FP32","shape":[1,30],"data":[{{s_row}}]}],"outputs":[{"name":"label"}]}
            """)).Should().Be((200,
            """{"model_name":"m","model_version":null,"id":"7","parameters":null,"outputs":[{"name":"label","shape":[1],"datatype":"INT64","parameters":null,"data":[0]}]}"""));
    }

    [Fact]
    public async Task Infer_UnknownOutput_Is400()
    {
        await using Served served = await Served.StartAsync(Patients.Folder);

        (await served.PostAsync("/v2/models/m/infer", $$"""
            {"inputs":[{"name":"input","datatype":"FP32","shape":[1,30],"data":[{{s_row}}]}],"outputs":[{"name":"score"}]}
            """)).Should().Be((400, """{"error":"the model has no output 'score'; its outputs are: label, probabilities"}"""));
    }

    [Fact]
    public async Task Infer_WrongShape_Is400WithBothShapes()
    {
        await using Served served = await Served.StartAsync(Patients.Folder);

        (await served.PostAsync("/v1/models/m:predict", """{"instances":[[1,2,3]]}"""))
            .Should().Be((400, """{"error":"input 'input' FP32 [-1,30] was expected; given: FP32 [1,3]"}"""));
    }

    [Fact]
    public async Task Predict_V1Rows_AreObjectsOfTheOutputs()
    {
        await using Served served = await Served.StartAsync(Patients.Folder);

        (int status, string body) = await served.PostAsync("/v1/models/m:predict", $$"""{"instances":[[{{s_row}}]]}""");

        status.Should().Be(200);
        body.Should().StartWith("""{"predictions":[{"label":0,"probabilities":[0.99904""");
    }

    [Fact]
    public async Task Start_WrongFlags_NamesAll()
    {
        var start = () => Served.StartAsync(Patients.Folder, "--onnx_device", "tpu", "--onnx_intra_op_threads", "0", "--onnx_inter_op_threads=x", "--onnx_warm_up", "maybe");

        (await start.Should().ThrowAsync<SidecarConfigurationException>()).Which.Message.Should().Be(
            "--onnx_device is 'tpu'; allowed: auto, cpu, cuda, tensorrt. --onnx_intra_op_threads is '0'; allowed: a whole number from 1 to 1024. "
            + "--onnx_inter_op_threads is 'x'; allowed: a whole number from 1 to 1024. --onnx_warm_up is 'maybe'; allowed: true, false.");
    }

    [Fact]
    public async Task Start_DeviceThatIsNotThere_SaysWhatIsMissing()
    {
        var start = () => Served.StartAsync(Patients.Folder, "--onnx_device=cuda");

        (await start.Should().ThrowAsync<SidecarConfigurationException>()).Which.Message.Should().StartWith(
            "--onnx_device cuda: this build of ONNX Runtime has no CUDAExecutionProvider");
    }
}
