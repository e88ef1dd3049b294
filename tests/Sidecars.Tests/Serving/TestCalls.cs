using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Sidecars.Protocol.Grpc;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving;

/// <summary>Requests made by hand or by Google's protobuf, so that our codecs are not tried against themselves.</summary>
internal static class TestCalls
{
    public const string V1Predict = "/v1/models/model:predict", V2Infer = "/v2/models/model/infer";

    public static StringContent Json(string json) => new(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    /// <summary>A V2 request of one FP32 tensor in binary.</summary>
    public static ByteArrayContent Binary(string name, float[] values, string shape, string extra = "")
    {
        byte[] data = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        string json = $"{{{extra}\"inputs\":[{{\"name\":\"{name}\",\"datatype\":\"FP32\",\"shape\":{shape},\"parameters\":{{\"binary_data_size\":{data.Length}}}}}]}}";
        byte[] head = Encoding.UTF8.GetBytes(json);
        var content = new ByteArrayContent([.. head, .. data]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add("Inference-Header-Content-Length", head.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return content;
    }

    public static ModelInferRequest GrpcRequest(string name, float[] values, params long[] shape) => new()
    {
        ModelName = "model",
        Id = "g1",
        Inputs =
        {
            new ModelInferRequest.Types.InferInputTensor
            {
                Name = name,
                Datatype = "FP32",
                Shape = { shape },
                Contents = new InferTensorContents { Fp32Contents = { values } },
            },
        },
    };

    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage answer)
    {
        using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    public static async Task<string> ErrorAsync(this HttpResponseMessage answer) =>
        (await answer.ReadJsonAsync()).GetProperty("error").GetString()!;

    public static async Task<ModelInferResponse> GrpcAsync(
        this SidecarTestHost host, ModelInferRequest request, CallOptions options = default, string method = "ModelInfer")
    {
        using var channel = GrpcChannel.ForAddress(host.GrpcAddress);
        using AsyncUnaryCall<ModelInferResponse> call = channel.CreateCallInvoker().AsyncUnaryCall(
            Method<ModelInferRequest, ModelInferResponse>(method, MethodType.Unary), null, options, request);
        return await call;
    }

    public static Method<TRequest, TAnswer> Method<TRequest, TAnswer>(string name, MethodType type)
        where TRequest : class, IMessage<TRequest>, new() where TAnswer : class, IMessage<TAnswer>, new() =>
        new(type, "inference.GRPCInferenceService", name, Marshal<TRequest>(), Marshal<TAnswer>());

    /// <summary>The values of a FP32 tensor's raw contents.</summary>
    public static float[] Floats(ReadOnlySpan<byte> raw) => MemoryMarshal.Cast<byte, float>(raw).ToArray();

    /// <summary>A gRPC frame around a message.</summary>
    public static byte[] Frame(byte[] message)
    {
        byte[] frame = new byte[message.Length + 5];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static Marshaller<T> Marshal<T>() where T : class, IMessage<T>, new() =>
        new(static m => m.ToByteArray(), static b => new MessageParser<T>(static () => new T()).ParseFrom(b));
}
