using System.Runtime.InteropServices;
using Sidecars.Onnx.Tests.Models;

namespace Sidecars.Onnx.Tests;

public class OnnxModelTests
{
    private static readonly OnnxOptions s_cpu = new() { Device = OnnxDevice.Cpu };

    [Fact]
    public void Metadata_Classifier_IsTheGraphs()
    {
        using var model = new OnnxModel(Patients.ModelPath, s_cpu);

        model.Device.Should().Be(OnnxDevice.Cpu);
        model.Inputs.Should().BeEquivalentTo([new TensorMetadata("input", Datatype.FP32, -1, 30)]);
        model.Outputs.Should().BeEquivalentTo(
            [new TensorMetadata("label", Datatype.INT64, -1), new TensorMetadata("probabilities", Datatype.FP32, -1, 2)],
            options => options.WithStrictOrdering());
    }

    [Fact]
    public void Run_Classifier_GivesTheLogisticRegressionsProbabilities()
    {
        using var model = new OnnxModel(Patients.ModelPath, s_cpu);

        IReadOnlyList<Tensor> outputs = model.Run([Tensor.Create("input", Patients.Values, Patients.Count, 30)]);

        outputs.Select(o => o.Name).Should().Equal("label", "probabilities");
        outputs[0].AsSpan<long>().ToArray().Should().Equal(Patients.Probabilities.Select(p => p > 0.5 ? 0L : 1L));
        float[] probabilities = outputs[1].AsSpan<float>().ToArray();
        for (int row = 0; row < Patients.Count; row++)
        {
            probabilities[row * 2].Should().BeApproximately((float)Patients.Probabilities[row], 3e-7f);
            probabilities[row * 2 + 1].Should().BeApproximately(1 - (float)Patients.Probabilities[row], 3e-7f);
        }
    }

    [Fact]
    public void Run_OutputsNamed_GivesThoseInThatOrder()
    {
        using var model = new OnnxModel(Patients.ModelPath, s_cpu);
        Tensor input = Tensor.Create("input", Patients.Values, Patients.Count, 30);

        model.Run([input], ["probabilities"]).Select(o => o.Name).Should().Equal("probabilities");
        model.Run([input], ["probabilities", "label"]).Select(o => o.Name).Should().Equal("probabilities", "label");
        model.Run([input], []).Should().BeEmpty();
    }

    public static TheoryData<string, string> FixedSizeTypes() => new()
    {
        { "Bool", "BOOL" }, { "UInt8", "UINT8" }, { "UInt16", "UINT16" }, { "UInt32", "UINT32" }, { "UInt64", "UINT64" },
        { "Int8", "INT8" }, { "Int16", "INT16" }, { "Int32", "INT32" }, { "Int64", "INT64" }, { "Float16", "FP16" },
        { "Float", "FP32" }, { "Double", "FP64" }, { "BFloat16", "BF16" },
    };

    [Theory]
    [MemberData(nameof(FixedSizeTypes))]
    public void Run_EveryDatatype_IsCarriedBitForBit(string onnx, string name)
    {
        Datatype datatype = Enum.Parse<Datatype>(name);
        using OnnxFile file = OnnxFile.Identity(Enum.Parse<OnnxType>(onnx), -1, 3);
        using var model = new OnnxModel(file.Save(), s_cpu);
        byte[] data = new byte[6 * Runtime.ElementTypes.Size(datatype)];
        new Random(7).NextBytes(data);
        if (datatype == Datatype.BOOL)
        {
            data = [0, 1, 1, 0, 0, 1];
        }

        Tensor output = model.Run([Tensor.FromRaw("x", datatype, data, 2, 3)])[0];

        model.Inputs.Should().BeEquivalentTo([new TensorMetadata("x", datatype, -1, 3)]);
        model.Outputs.Should().BeEquivalentTo([new TensorMetadata("y", datatype, -1, 3)]);
        output.Datatype.Should().Be(datatype);
        output.Shape.ToArray().Should().Equal(2, 3);
        output.Data.ToArray().Should().Equal(data);
    }

    [Fact]
    public void Run_Strings_AreBytesOfAnyContent()
    {
        using OnnxFile file = OnnxFile.Identity(OnnxType.String, -1);
        using var model = new OnnxModel(file.Save(), s_cpu);
        ReadOnlyMemory<byte>[] elements = ["plain"u8.ToArray(), Array.Empty<byte>(), "größer"u8.ToArray(), "a\0b"u8.ToArray(), new byte[] { 0xFF }];

        Tensor output = model.Run([Tensor.FromBytes("x", elements)])[0];

        model.Inputs[0].Datatype.Should().Be(Datatype.BYTES);
        output.Shape.ToArray().Should().Equal(5);
        output.ReadBytes().Select(e => Convert.ToHexString(e.Span)).Should().Equal(elements.Select(e => Convert.ToHexString(e.Span)));
    }

    [Fact]
    public void Run_BooleansThatAreNotOne_CountAsTrue()
    {
        using OnnxFile file = OnnxFile.Identity(OnnxType.Bool, -1);
        using var model = new OnnxModel(file.Save(), s_cpu);
        byte[] data = [0, 1, 2, 255];

        model.Run([Tensor.FromRaw("x", Datatype.BOOL, data, 4)])[0].Data.ToArray().Should().Equal(0, 1, 1, 1);
        data.Should().Equal([0, 1, 2, 255], "the caller's memory is not written to");
    }

    [Fact]
    public void Run_DataAtAnOddAddress_IsReadAllTheSame()
    {
        using OnnxFile file = OnnxFile.Identity(OnnxType.Double, -1);
        using var model = new OnnxModel(file.Save(), s_cpu);
        byte[] body = new byte[17];
        MemoryMarshal.AsBytes<double>([1.5, -2.25]).CopyTo(body.AsSpan(1));

        model.Run([Tensor.FromRaw("x", Datatype.FP64, body.AsMemory(1), 2)])[0].AsSpan<double>().ToArray().Should().Equal(1.5, -2.25);
    }

    [Fact]
    public void Run_NoRows_GivesNoRows()
    {
        using var model = new OnnxModel(Patients.ModelPath, s_cpu);
        using OnnxFile texts = OnnxFile.Identity(OnnxType.String, -1);
        using var textModel = new OnnxModel(texts.Save(), s_cpu);

        model.Run([Tensor.Create("input", Array.Empty<float>(), 0, 30)])[1].Shape.ToArray().Should().Equal(0, 2);
        textModel.Run([Tensor.FromStrings("x", [])])[0].Shape.ToArray().Should().Equal(0);
    }

    [Fact]
    public void Run_MapsFromNames_AreColumnsInTheNamesOrder()
    {
        using OnnxFile file = OnnxFile.ZipMap("cat", "bird", "dog");
        using var model = new OnnxModel(file.Save(), s_cpu);

        Tensor output = model.Run([Tensor.Create("x", new[] { 0.5f, 0.3f, 0.2f, 0.1f, 0.2f, 0.7f }, 2, 3)])[0];

        model.Outputs.Should().BeEquivalentTo([new TensorMetadata("y", Datatype.FP32, -1, -1)]);
        output.Shape.ToArray().Should().Equal(2, 3);
        output.AsSpan<float>().ToArray().Should().Equal(0.3f, 0.5f, 0.2f, 0.2f, 0.1f, 0.7f);
    }

    [Fact]
    public void Run_MapsFromNumbers_AreColumnsInTheNumbersOrder()
    {
        using OnnxFile file = OnnxFile.ZipMap(7, -1);
        using var model = new OnnxModel(file.Save(), s_cpu);

        Tensor output = model.Run([Tensor.Create("x", new[] { 0.25f, 0.75f }, 1, 2)])[0];

        output.Shape.ToArray().Should().Equal(1, 2);
        output.AsSpan<float>().ToArray().Should().Equal(0.75f, 0.25f);
    }

    [Fact]
    public void Run_ManyThreads_EachGetsItsOwnAnswer()
    {
        using OnnxFile file = OnnxFile.Sum();
        using var model = new OnnxModel(file.Save(), s_cpu);

        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            float[] a = [i, i + 1], b = [0.5f, i];
            model.Run([Tensor.Create("b", b), Tensor.Create("a", a)])[0].AsSpan<float>().ToArray().Should().Equal(i + 0.5f, 2 * i + 1);
        });
    }

    [Fact]
    public async Task RunAsync_GivesTheSameAsRun()
    {
        using var model = new OnnxModel(Patients.ModelPath, s_cpu);
        Tensor input = Tensor.Create("input", Patients.Values, Patients.Count, 30);

        (await model.RunAsync([input]))[1].Data.ToArray().Should().Equal(model.Run([input])[1].Data.ToArray());
    }

    [Fact]
    public void Run_ManyRows_AllocatesNoMoreThanOneRow()
    {
        using var model = new OnnxModel(Patients.ModelPath, s_cpu);

        long few = Allocated(1), many = Allocated(2000);

        (many - few).Should().BeLessThan(512, "60,000 elements go in, and 6,000 come out");

        long Allocated(int rows)
        {
            Tensor[] input = [Tensor.Create("input", new float[rows * 30], rows, 30)];
            long least = long.MaxValue;
            for (int i = 0; i < 20; i++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                using (var memory = new Runtime.PooledOutputs())
                {
                    model.Run(input, null, memory, default);
                }

                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            return least;
        }
    }
}
