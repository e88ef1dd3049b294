using Sidecars.Onnx.Tests.Models;

namespace Sidecars.Onnx.Tests;

public class OnnxModelErrorTests
{
    private static readonly OnnxOptions s_cpu = new() { Device = OnnxDevice.Cpu };

    [Theory]
    [InlineData(2, 29, "input 'input' FP32 [-1,30] was expected; given: FP32 [2,29]")]
    [InlineData(60, 0, "input 'input' FP32 [-1,30] was expected; given: FP32 [60]")]
    public void Run_WrongShape_NamesBoth(int rows, int columns, string message)
    {
        using var model = new OnnxModel(Patients.ModelPath, s_cpu);
        Tensor input = columns == 0
            ? Tensor.Create("input", new float[rows])
            : Tensor.Create("input", new float[rows * columns], rows, columns);

        Refused(() => model.Run([input])).Should().Be(message);
    }

    [Fact]
    public void Run_WrongDatatype_NamesBoth()
    {
        using var model = new OnnxModel(Patients.ModelPath, s_cpu);

        Refused(() => model.Run([Tensor.Create("input", new double[30], 1, 30)]))
            .Should().Be("input 'input' FP32 [-1,30] was expected; given: FP64 [1,30]");
    }

    [Fact]
    public void Run_ColumnsForOneInput_SaysToJoinThem()
    {
        using var model = new OnnxModel(Patients.ModelPath, s_cpu);

        Refused(() => model.Run([Tensor.Create("a", new float[1]), Tensor.Create("b", new float[1], 1, 1)])).Should().Be(
            "the model has one input, 'input' FP32 [-1,30]; given were 2: 'a' FP32 [1], 'b' FP32 [1,1]. Join the columns into one tensor first.");
    }

    [Fact]
    public void Run_InputsThatDoNotMatch_SaysWhich()
    {
        using OnnxFile file = OnnxFile.Sum();
        using var model = new OnnxModel(file.Save(), s_cpu);
        Tensor a = Tensor.Create("a", new float[1]), c = Tensor.Create("c", new float[1]);

        Refused(() => model.Run([a, c])).Should().Be("the model has no input 'c'; its inputs are: 'a' FP32 [-1], 'b' FP32 [-1]");
        Refused(() => model.Run([a])).Should().Be("input 'b' FP32 [-1] is missing; given: 'a' FP32 [1]");
        Refused(() => model.Run([])).Should().Be("input 'a' FP32 [-1] is missing; no input was given");
        Refused(() => model.Run([a, a])).Should().Be("input 'a' was given twice");
    }

    [Fact]
    public void Run_UnknownOutput_ListsThoseThereAre()
    {
        using var model = new OnnxModel(Patients.ModelPath, s_cpu);

        Refused(() => model.Run([Tensor.Create("input", new float[30], 1, 30)], ["score"]))
            .Should().Be("the model has no output 'score'; its outputs are: label, probabilities");
    }

    [Fact]
    public void Run_FailsInside_TellsNoMoreThanThat()
    {
        using OnnxFile file = OnnxFile.Reshape();
        using var model = new OnnxModel(file.Save(), s_cpu);

        var run = () => model.Run([Tensor.Create("x", new float[6]), Tensor.Create("shape", new long[] { 4, 4 })]);

        InferenceException e = run.Should().Throw<InferenceException>().Which;
        e.Kind.Should().Be(ErrorKind.InferenceError);
        e.Message.Should().MatchRegex(@"^the model failed on this input \(\w+\)$");
        e.InnerException.Should().NotBeNull("the log needs the runtime's own words");
    }

    [Fact]
    public void Run_AlreadyGivenUp_DoesNotRun()
    {
        using var model = new OnnxModel(Patients.ModelPath, s_cpu);

        var run = () => model.Run([Tensor.Create("input", new float[30], 1, 30)], null, new CancellationToken(canceled: true));

        run.Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public async Task Run_GivenUpWhileRunning_Ends()
    {
        using OnnxFile file = OnnxFile.Counting();
        using var model = new OnnxModel(file.Save(), s_cpu);
        using var cancellation = new CancellationTokenSource();

        Task<IReadOnlyList<Tensor>> endless = model.RunAsync([Tensor.Create("n", new[] { long.MaxValue })], null, cancellation.Token);
        cancellation.CancelAfter(TimeSpan.FromMilliseconds(100));

        await endless.Awaiting(e => e).Should().ThrowAsync<OperationCanceledException>();
        model.Run([Tensor.Create("n", new[] { 5L })])[0].AsSpan<long>().ToArray().Should().Equal(5);
    }

    [Fact]
    public async Task Dispose_WhileRunning_LetsTheRunFinish()
    {
        using OnnxFile file = OnnxFile.Counting();
        var model = new OnnxModel(file.Save(), s_cpu);
        using var cancellation = new CancellationTokenSource();
        Tensor[] forever = [Tensor.Create("n", new[] { long.MaxValue })];
        Task endless = Task.Run(() => model.Run(forever, null, cancellation.Token));

        model.Dispose();
        cancellation.CancelAfter(TimeSpan.FromMilliseconds(100));

        // Whether the run began before the model was released or came too late, the process goes on.
        (await endless.Awaiting(e => e).Should().ThrowAsync<Exception>())
            .Which.Should().Match(e => e is OperationCanceledException || e is ObjectDisposedException);
        var late = () => model.Run(forever);
        late.Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Open_NoFile_SaysWhere()
    {
        var open = () => new OnnxModel("/nowhere/model.onnx");

        open.Should().Throw<SidecarConfigurationException>().WithMessage("There is no ONNX model at /nowhere/model.onnx.");
    }

    [Fact]
    public void Open_NoModel_SaysSo()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "not a model");

        var open = () => new OnnxModel(path, s_cpu);

        open.Should().Throw<SidecarConfigurationException>().WithMessage($"{path} cannot be loaded on cpu. ONNX Runtime says: *");
        File.Delete(path);
    }

    [Fact]
    public void Open_OutputWithoutTensorForm_SaysWhatItIs()
    {
        using OnnxFile file = OnnxFile.TensorSequence();
        string path = file.Save();

        var open = () => new OnnxModel(path, s_cpu);

        open.Should().Throw<SidecarConfigurationException>().WithMessage(
            $"{path}: output 'y' is a sequence of Float tensors, expected a tensor or a sequence of maps from int64 or string to float. "
            + "Export the model without it.");
    }

    [Theory]
    [InlineData("Cuda", "--onnx_device cuda: this build of ONNX Runtime has no CUDAExecutionProvider; it has *CPUExecutionProvider. Reference Microsoft.ML.OnnxRuntime.Gpu instead of Microsoft.ML.OnnxRuntime, or take --onnx_device cpu.")]
    [InlineData("TensorRt", "--onnx_device tensorrt: this build of ONNX Runtime has no TensorrtExecutionProvider; it has *")]
    public void Open_DeviceThatIsNotThere_SaysWhatIsMissing(string device, string message)
    {
        var open = () => new OnnxModel(Patients.ModelPath, new OnnxOptions { Device = Enum.Parse<OnnxDevice>(device) });

        open.Should().Throw<SidecarConfigurationException>().WithMessage(message);
    }

    [Fact]
    public void Open_SeveralWrongOptions_NamesAll()
    {
        var open = () => new OnnxModel(Patients.ModelPath, new OnnxOptions { Device = (OnnxDevice)9, DeviceId = -1, IntraOpThreads = 0, InterOpThreads = 2000 });

        open.Should().Throw<SidecarConfigurationException>().WithMessage(
            "OnnxOptions.Device is 9; allowed: Auto, Cpu, Cuda, TensorRt. OnnxOptions.DeviceId is -1; allowed: 0 and above. "
            + "OnnxOptions.IntraOpThreads is 0; allowed: 1 to 1024, or null. OnnxOptions.InterOpThreads is 2000; allowed: 1 to 1024, or null.");
    }

    private static string Refused(Func<object> run)
    {
        InferenceException e = run.Should().Throw<InferenceException>().Which;
        e.Kind.Should().Be(ErrorKind.InvalidInput);
        return e.Message;
    }
}
