using System.Text;
using Google.Protobuf;
using Sidecars.Protocol;
using Sidecars.Protocol.Grpc;

namespace Sidecars.Tests.Protocol;

/// <summary>Payloads that are small and ask for much.</summary>
public sealed class HostilePayloadTests
{
    private const int Many = Shapes.MaxTensors + 1;

    /// <summary>2000 fields and 4000 rows without any: 30 KB that a table of all of them would make 128 MB of.</summary>
    [Fact]
    public void V1_ManyFieldsAndManyEmptyRows_TakeNoMoreThanTheyAre()
    {
        string fields = string.Join(',', Enumerable.Range(0, 2000).Select(static f => $"\"f{f}\":1"));
        string rows = string.Concat(Enumerable.Repeat(",{}", 4000));
        byte[] body = Encoding.UTF8.GetBytes($$"""{"instances":[{{{fields}}}{{rows}}]}""");
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var request = new InferRequest(WireForm.V1, body, MediaTypes.Json);

        FluentActions.Invoking(() => request.Inputs).Should().Throw<InferenceException>()
            .Where(static e => e.Kind == ErrorKind.InvalidInput).WithMessage("instance 1 has no field 'f0', which instance 0 has");

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(32 << 20);
    }

    [Fact]
    public void V1_RowsInAnyOrderOfFields_StandInTheOrderOfTheFirst()
    {
        byte[] body = """{"instances":[{"a":1,"b":2},{"b":4,"a":3},{"a":0,"a":5,"b":6}]}"""u8.ToArray();
        using var request = new InferRequest(WireForm.V1, body, MediaTypes.Json);

        request.Inputs.Select(static t => t.Name).Should().Equal("a", "b");
        request.Inputs[0].ToArray<float>().Should().Equal(1, 3, 5);
        request.Inputs[1].ToArray<float>().Should().Equal(2, 4, 6);
    }

    public static TheoryData<string> Forms => new() { "columns", "v2", "grpc" };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Any_MoreTensorsThanAnyModelHas_AreRefused(string form)
    {
        using InferRequest request = form switch
        {
            "columns" => new(WireForm.V1, Text("{\"inputs\":{", "\"a\":[1]", "}}"), MediaTypes.Json),
            "v2" => new(WireForm.V2, Text("{\"inputs\":[", """{"name":"a","datatype":"FP32","shape":[1],"data":[1]}""", "]}"), MediaTypes.Json),
            _ => new(WireForm.Grpc, Message(), null),
        };

        FluentActions.Invoking(() => request.Inputs).Should().Throw<InferenceException>()
            .Where(static e => e.Kind == ErrorKind.InvalidInput).WithMessage($"there are more than {Shapes.MaxTensors} inputs");
    }

    private static byte[] Text(string before, string each, string after) =>
        Encoding.UTF8.GetBytes(before + string.Join(',', Enumerable.Repeat(each, Many)) + after);

    private static byte[] Message()
    {
        var message = new ModelInferRequest { ModelName = "m" };
        message.Inputs.AddRange(Enumerable.Repeat(new ModelInferRequest.Types.InferInputTensor { Name = "a", Datatype = "FP32", Shape = { 0 } }, Many));
        return message.ToByteArray();
    }
}
