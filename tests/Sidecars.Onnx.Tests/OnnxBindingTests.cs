using Sidecars.Onnx.Tests.Models;

namespace Sidecars.Onnx.Tests;

public class OnnxBindingTests
{
    private static readonly OnnxOptions s_cpu = new() { Device = OnnxDevice.Cpu, IntraOpThreads = 1, WarmUp = false };

    [Fact]
    public void Run_AgainWithMoreAndWithFewer_GivesEachTimeItsOwn()
    {
        using OnnxFile file = OnnxFile.Sum();
        using var model = new OnnxModel(file.Save(), s_cpu);
        using OnnxBinding binding = model.CreateBinding();

        foreach (int count in (int[])[2, 5000, 3])
        {
            float[] a = [.. Enumerable.Range(0, count).Select(static i => (float)i)];
            binding.SetInput<float>(0, a, count);
            binding.Input<float>(1, count).Fill(count);
            binding.SetOutput<float>(0, count);
            binding.Run();

            binding.Output<float>(0).ToArray().Should().Equal(a.Select(v => v + count));
        }
    }

    [Fact]
    public void Run_OutputOfUnknownShape_TellsIt()
    {
        using OnnxFile file = OnnxFile.Reshape();
        using var model = new OnnxModel(file.Save(), s_cpu);
        using OnnxBinding binding = model.CreateBinding();
        binding.SetInput<float>(0, new float[] { 1, 2, 3, 4, 5, 6 }, 6);
        binding.SetInput<long>(1, new long[] { 3, 2 }, 2);
        binding.SetOutput(0);

        binding.Run();

        binding.OutputShape(0).Should().Equal(3, 2);
        binding.Output<float>(0).ToArray().Should().Equal(1, 2, 3, 4, 5, 6);
    }

    [Fact]
    public void Run_InputsThatDoNotFit_IsAnErrorOfTheRequest()
    {
        using OnnxFile file = OnnxFile.Sum();
        using var model = new OnnxModel(file.Save(), s_cpu);
        using OnnxBinding binding = model.CreateBinding();
        binding.SetInput<long>(0, new long[] { 1 }, 1);
        binding.SetInput<float>(1, new float[] { 1 }, 1);
        binding.SetOutput(0);

        binding.Invoking(static b => b.Run()).Should().Throw<InferenceException>().Which.Kind.Should().Be(ErrorKind.InvalidInput);
    }

    [Fact]
    public void Run_InputMissing_NamesIt()
    {
        using OnnxFile file = OnnxFile.Sum();
        using var model = new OnnxModel(file.Save(), s_cpu);
        using OnnxBinding binding = model.CreateBinding();
        binding.SetInput<float>(0, new float[] { 1 }, 1);
        binding.SetOutput(0);

        binding.Invoking(static b => b.Run()).Should().Throw<InferenceException>().WithMessage("input 'b' is missing");
    }

    [Fact]
    public void Run_GivenUpWhileItGoesOn_Ends()
    {
        using OnnxFile file = OnnxFile.Counting();
        using var model = new OnnxModel(file.Save(), s_cpu);
        using OnnxBinding binding = model.CreateBinding();
        using var cancellation = new CancellationTokenSource();
        binding.SetInput<long>(0, new long[] { long.MaxValue }, 1);
        binding.SetOutput(0);
        var thread = new Thread(cancellation.Cancel);

        Action run = () =>
        {
            thread.Start();
            binding.Run(cancellation.Token);
        };

        run.Should().Throw<OperationCanceledException>();
        thread.Join();
    }

    [Fact]
    public void Dispose_OfTheModel_WaitsForItsBindings()
    {
        using OnnxFile file = OnnxFile.Sum();
        var model = new OnnxModel(file.Save(), s_cpu);
        using OnnxBinding binding = model.CreateBinding();
        model.Dispose();
        binding.SetInput<float>(0, new float[] { 1 }, 1);
        binding.SetInput<float>(1, new float[] { 2 }, 1);
        binding.SetOutput<float>(0, 1);

        binding.Run();

        binding.Output<float>(0)[0].Should().Be(3);
        model.Invoking(static m => m.CreateBinding()).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void WithGraph_AnotherFilesBytes_RunsThem()
    {
        using OnnxFile file = OnnxFile.Sum();
        using OnnxFile other = OnnxFile.Identity(OnnxType.Float, -1);
        using var model = new OnnxModel(file.Save(), s_cpu);

        using OnnxModel identity = model.WithGraph(File.ReadAllBytes(other.Save()));

        identity.Device.Should().Be(OnnxDevice.Cpu);
        identity.Run([Tensor.Create("x", new[] { 1f, 2f })])[0].AsSpan<float>().ToArray().Should().Equal(1, 2);
    }
}
