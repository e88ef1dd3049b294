using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client;
using Sidecars.Protocol.Grpc;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving;

public sealed class StreamTests
{
    [Fact]
    public async Task Stream_RestCaller_GetsEachChunkBeforeTheNextIsMade()
    {
        var chunks = Channel.CreateUnbounded<string>();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(b => b.Sidecar.AddModel(_ => new Streaming(chunks.Reader)));
        chunks.Writer.TryWrite("first;");
        using var request = new HttpRequestMessage(HttpMethod.Post, TestCalls.V1Predict) { Content = TestCalls.Json("""{"instances":[]}""") };

        using HttpResponseMessage answer = await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using Stream body = await answer.Content.ReadAsStreamAsync();
        byte[] first = new byte[6];
        await body.ReadExactlyAsync(first);
        chunks.Writer.TryWrite("second;");
        chunks.Writer.Complete();
        using var rest = new StreamReader(body);

        first.Should().Equal("first;"u8.ToArray());
        (await rest.ReadToEndAsync()).Should().Be("second;");
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
    }

    [Fact]
    public async Task ModelStreamInfer_SeveralRequests_AreAnsweredInOrderAndErrorsDoNotEndTheStream()
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(PredictorProtocol.GrpcV2)
            .Always(static c => InferResponse.FromTensors(Tensor.Create("y", [c.Request.Inputs[0].ToArray<float>()[0] * 10]))).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Looking>(predictor);
        using var channel = GrpcChannel.ForAddress(host.GrpcAddress);
        using AsyncDuplexStreamingCall<ModelInferRequest, ModelStreamInferResponse> call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            TestCalls.Method<ModelInferRequest, ModelStreamInferResponse>("ModelStreamInfer", MethodType.DuplexStreaming), null, default);

        ModelInferRequest unknown = TestCalls.GrpcRequest("x", [2f], 1);
        unknown.ModelName = "unknown";
        foreach (ModelInferRequest request in (ModelInferRequest[])[TestCalls.GrpcRequest("x", [1f], 1), unknown, TestCalls.GrpcRequest("x", [3f], 1)])
        {
            await call.RequestStream.WriteAsync(request);
        }

        await call.RequestStream.CompleteAsync();
        List<ModelStreamInferResponse> answers = [];
        await foreach (ModelStreamInferResponse answer in call.ResponseStream.ReadAllAsync())
        {
            answers.Add(answer);
        }

        answers.Should().HaveCount(3);
        Value(answers[0]).Should().Be(10);
        answers[1].ErrorMessage.Should().Contain("unknown");
        answers[1].InferResponse.Id.Should().Be("g1");
        Value(answers[2]).Should().Be(30);
        call.GetStatus().StatusCode.Should().Be(StatusCode.OK);
    }

    [Fact]
    public async Task ModelStreamInfer_ModelAnswersInParts_SendsAMessageForEach()
    {
        var chunks = Channel.CreateUnbounded<string>();
        chunks.Writer.TryWrite("a");
        chunks.Writer.TryWrite("b");
        chunks.Writer.Complete();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(b => b.Sidecar.AddModel(_ => new Streaming(chunks.Reader)));
        using var channel = GrpcChannel.ForAddress(host.GrpcAddress);
        using AsyncDuplexStreamingCall<ModelInferRequest, ModelStreamInferResponse> call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            TestCalls.Method<ModelInferRequest, ModelStreamInferResponse>("ModelStreamInfer", MethodType.DuplexStreaming), null, default);

        await call.RequestStream.WriteAsync(TestCalls.GrpcRequest("x", [1f], 1));
        await call.RequestStream.CompleteAsync();
        List<string> parts = [];
        await foreach (ModelStreamInferResponse answer in call.ResponseStream.ReadAllAsync())
        {
            answer.ErrorMessage.Should().BeEmpty();
            parts.Add(answer.InferResponse.Outputs[0].Contents.BytesContents[0].ToStringUtf8());
        }

        parts.Should().Equal("a", "b");
    }

    private static float Value(ModelStreamInferResponse answer) => answer.InferResponse.RawOutputContents.Count > 0
        ? TestCalls.Floats(answer.InferResponse.RawOutputContents[0].Span)[0]
        : answer.InferResponse.Outputs[0].Contents.Fp32Contents[0];

    private sealed class Streaming(ChannelReader<string> chunks) : Model
    {
        protected internal override ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context) =>
            new(InferResponse.FromStream(chunks.ReadAllAsync(context.Cancellation), "text/event-stream"));
    }
}
