using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Sidecars.Protocol;
using Sidecars.Protocol.Grpc;

namespace Sidecars.Benchmarks;

/// <summary>A ModelInferRequest with one image in raw contents, read and written. The rival is Google.Protobuf's code.</summary>
[MemoryDiagnoser]
public class GrpcImage
{
    private readonly byte[] _message;
    private readonly Tensor _tensor = Tensor.Create("image", new float[3 * 224 * 224], 1, 3, 224, 224);

    public GrpcImage()
    {
        using WirePayload payload = GrpcCodec.WriteRequest(InferHead.Empty, [_tensor], "img", "1");
        _message = [.. payload.Segments.SelectMany(s => s.ToArray())];
    }

    [Benchmark]
    public float Read()
    {
        using var request = new InferRequest(WireForm.Grpc, _message, null);
        return request.Inputs[0].AsSpan<float>()[^1];
    }

    [Benchmark]
    public int ReadWithGeneratedCode() => ModelInferRequest.Parser.ParseFrom(_message).RawInputContents[0].Length;

    [Benchmark]
    public long Write()
    {
        using WirePayload payload = GrpcCodec.WriteRequest(InferHead.Empty, [_tensor], "img", "1");
        return payload.Length;
    }

    [Benchmark]
    public int WriteWithGeneratedCode()
    {
        var message = new ModelInferRequest { ModelName = "img", Id = "1" };
        message.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = "image", Datatype = "FP32", Shape = { 1, 3, 224, 224 } });
        message.RawInputContents.Add(ByteString.CopyFrom(_tensor.Data.Span));
        return message.ToByteArray().Length;
    }
}
