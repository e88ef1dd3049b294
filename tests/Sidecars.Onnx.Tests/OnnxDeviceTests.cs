using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Sidecars.Onnx.Tests.Models;

namespace Sidecars.Onnx.Tests;

public class OnnxDeviceTests
{
    [Fact]
    public void Auto_WithoutCuda_TakesTheCpuAndSaysWhy()
    {
        FakeLogger log = new();

        using var model = new OnnxModel(Patients.ModelPath, log: log);

        model.Device.Should().Be(OnnxDevice.Cpu);
        log.Collector.GetSnapshot().Where(r => r.Level >= LogLevel.Information).Select(r => r.Message).Should().Equal(
            $"{Patients.ModelPath} runs on cpu: this build of ONNX Runtime has no CUDAExecutionProvider");
    }

    [Fact]
    public void Cpu_WithThreads_GivesTheSameAnswer()
    {
        using var one = new OnnxModel(Patients.ModelPath, new OnnxOptions { Device = OnnxDevice.Cpu, IntraOpThreads = 1, WarmUp = false });
        using var more = new OnnxModel(Patients.ModelPath, new OnnxOptions { Device = OnnxDevice.Cpu, IntraOpThreads = 2, InterOpThreads = 2 });
        Tensor[] input = [Tensor.Create("input", Patients.Values, Patients.Count, 30)];

        more.Run(input)[1].Data.ToArray().Should().Equal(one.Run(input)[1].Data.ToArray());
    }

    [Fact]
    public void WarmUp_ModelThatDoesNotTakeZeros_IsOnlyAWarning()
    {
        using OnnxFile file = new OnnxFile()
            .Node("Reshape", ["x", "shape"], ["y"])
            .Input("x", OnnxType.Float, 2)
            .Input("shape", OnnxType.Int64, 2)
            .Output("y", OnnxType.Float, -1, -1);
        FakeLogger log = new();

        using var model = new OnnxModel(file.Save(), new OnnxOptions { Device = OnnxDevice.Cpu, IntraOpThreads = 1 }, log);

        FakeLogRecord warning = log.Collector.GetSnapshot().Single(r => r.Level == LogLevel.Warning);
        warning.Message.Should().Contain("could not be warmed up with zeros");
        model.Run([Tensor.Create("x", new[] { 1f, 2f }), Tensor.Create("shape", new[] { 2L, 1 })])[0].AsSpan<float>().ToArray().Should().Equal(1, 2);
    }
}
