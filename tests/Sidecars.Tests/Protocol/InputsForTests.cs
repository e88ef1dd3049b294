using System.Text;

namespace Sidecars.Tests.Protocol;

public class InputsForTests
{
    private static readonly InferRequest s_v1 = InferRequest.FromBody("""{"instances":[[1,2]]}"""u8.ToArray());

    [Fact]
    public void V1Rows_GetTheDeclaredNameAndDatatype()
    {
        Tensor tensor = V1("""{"instances":[[1,2],[3,4]]}""").InputsFor([new TensorMetadata("x", Datatype.INT32, -1, 2)]).Single();

        tensor.Name.Should().Be("x");
        tensor.AsSpan<int>().ToArray().Should().Equal(1, 2, 3, 4);
    }

    [Fact]
    public void V1Fields_GetTheDatatypeDeclaredForTheirName()
    {
        IReadOnlyList<Tensor> tensors = V1("""{"instances":[{"a":1,"b":2}]}""").InputsFor(
            [new TensorMetadata("b", Datatype.INT64, -1, 1), new TensorMetadata("a", Datatype.FP64, -1)]);

        tensors.Select(t => $"{t.Name} {t.Datatype} {string.Join(',', t.Shape.ToArray())}").Should().Equal("a FP64 1", "b INT64 1,1");
    }

    [Fact]
    public void V1TensorsEditedInPlace_AreConverted()
    {
        InferRequest request = V1("""{"instances":[[1,2]]}""");
        request.Inputs[0].Edit<float>()[1] = 5;

        request.InputsFor([new TensorMetadata("x", Datatype.FP64, -1, 2)])[0].AsSpan<double>().ToArray().Should().Equal(1, 5);
    }

    public static TheoryData<Datatype, string> Numbers() => new()
    {
        { Datatype.UINT8, "0300" }, { Datatype.UINT16, "03000000" }, { Datatype.UINT32, "0300000000000000" },
        { Datatype.UINT64, "03000000000000000000000000000000" }, { Datatype.INT8, "0300" }, { Datatype.INT16, "03000000" },
        { Datatype.INT32, "0300000000000000" }, { Datatype.INT64, "03000000000000000000000000000000" }, { Datatype.FP16, "00420000" },
        { Datatype.FP32, "0000404000000000" }, { Datatype.BF16, "40400000" },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void HooksNumbersForAV1Caller_BecomeTheDeclaredDatatype(Datatype datatype, string bytes)
    {
        InferRequest built = InferRequest.FromTensors(Tensor.Create("", new[] { 3d, 0d }));
        built.IdFrom = s_v1;

        Tensor tensor = built.InputsFor([new TensorMetadata("x", datatype, -1)]).Single();

        tensor.Name.Should().Be("x");
        tensor.Datatype.Should().Be(datatype);
        Convert.ToHexString(tensor.Data.Span).Should().Be(bytes);
    }

    [Theory]
    [InlineData(1.5, Datatype.INT64, "INT64")]
    [InlineData(300, Datatype.UINT8, "UINT8")]
    [InlineData(-1, Datatype.UINT32, "UINT32")]
    [InlineData(9223372036854775808.0, Datatype.INT64, "INT64")]
    [InlineData(double.NaN, Datatype.INT8, "INT8")]
    public void NumberThatTheDatatypeCannotHold_IsRefused(double value, Datatype datatype, string name)
    {
        InferRequest built = InferRequest.FromTensors(Tensor.Create("x", new[] { 1d, value }));
        built.IdFrom = s_v1;

        var read = () => built.InputsFor([new TensorMetadata("x", datatype, -1)]);

        read.Should().Throw<InferenceException>().WithMessage($"input 'x': element 1 is no {name}");
    }

    [Fact]
    public void WholeNumbers_KeepEveryDigit()
    {
        InferRequest built = InferRequest.FromTensors(Tensor.Create("x", new[] { ulong.MaxValue }));
        built.IdFrom = s_v1;

        var read = () => built.InputsFor([new TensorMetadata("x", Datatype.INT64, -1)]);

        read.Should().Throw<InferenceException>();
    }

    [Fact]
    public void TensorsOfAnotherProtocol_StayAsTheyWereSent()
    {
        Tensor sent = Tensor.Create("x", new[] { 1d });

        InferRequest.FromTensors(sent).InputsFor([new TensorMetadata("x", Datatype.FP32, -1)]).Should().Equal(sent);
    }

    private static InferRequest V1(string json) => InferRequest.FromBody(Encoding.UTF8.GetBytes(json));
}
