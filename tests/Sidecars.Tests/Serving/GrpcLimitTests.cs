using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Sidecars.Protocol.Grpc;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving;

/// <summary>The limits of sizes and times, where a caller speaks gRPC.</summary>
public sealed class GrpcLimitTests
{
    [Fact]
    public async Task Request_LargerThanABodyMayBeOverRest_IsTaken()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Constant>(null, "--max_request_body_size=1000");

        ModelInferResponse answer = await host.GrpcAsync(TestCalls.GrpcRequest("x", new float[5000], 5000));

        answer.Outputs.Single().Name.Should().Be("y");
        host.AssertNoErrors();
    }

    [Fact]
    public async Task Request_LargerThanAGrpcMessageMayBe_IsRefused()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Constant>(null, "--grpc_max_receive_message_length=1000");

        Func<Task> call = () => host.GrpcAsync(TestCalls.GrpcRequest("x", new float[5000], 5000));

        (await call.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().Be(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Stream_AnswerLargerThanAllowed_SaysSoInsteadOfSendingIt()
    {
        await using ScriptedPredictor predictor = new ScriptedPredictor(PredictorProtocol.GrpcV2).Always(Tensor.Create("y", new float[1000]));
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor, "--grpc_max_send_message_length=1000");

        ModelStreamInferResponse answer = (await AskAsync(host)).Single();

        answer.ErrorMessage.Should().Contain("--grpc_max_send_message_length").And.Contain("1000");
        answer.InferResponse.Outputs.Should().BeEmpty();
    }

    [Fact]
    public async Task Stream_PartLargerThanAllowed_SaysSoAfterThoseBefore()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(
            static b => b.Sidecar.AddModel(static _ => new Parts("small", new string('x', 2000))), null, "--grpc_max_send_message_length=1000");

        IReadOnlyList<ModelStreamInferResponse> answers = await AskAsync(host);

        answers.Should().HaveCount(2);
        answers[0].InferResponse.Outputs[0].Contents.BytesContents[0].ToStringUtf8().Should().Be("small");
        answers[1].ErrorMessage.Should().Contain("--grpc_max_send_message_length");
    }

    [Fact]
    public async Task Stream_PartsThatDoNotComeInTime_EndWithTheRequestsDeadline()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var model = new Stuck();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(
            b =>
            {
                b.Services.AddSingleton<TimeProvider>(time);
                b.Sidecar.AddModel(_ => model);
            },
            null,
            "--request_timeout_seconds=5");

        Task<IReadOnlyList<ModelStreamInferResponse>> asking = AskAsync(host);
        await model.Waiting.Task;
        time.Advance(TimeSpan.FromSeconds(6));

        (await asking).Single().ErrorMessage.Should().Contain("deadline").And.Contain("5 s");
        host.AssertNoErrors();
    }

    private static async Task<IReadOnlyList<ModelStreamInferResponse>> AskAsync(SidecarTestHost host)
    {
        using var channel = GrpcChannel.ForAddress(host.GrpcAddress);
        using AsyncDuplexStreamingCall<ModelInferRequest, ModelStreamInferResponse> call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            TestCalls.Method<ModelInferRequest, ModelStreamInferResponse>("ModelStreamInfer", MethodType.DuplexStreaming), null, default);
        await call.RequestStream.WriteAsync(TestCalls.GrpcRequest("x", [1f], 1));
        await call.RequestStream.CompleteAsync();
        List<ModelStreamInferResponse> answers = [];
        await foreach (ModelStreamInferResponse answer in call.ResponseStream.ReadAllAsync())
        {
            answers.Add(answer);
        }

        return answers;
    }

    private sealed class Parts(params string[] parts) : Model
    {
        protected internal override ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context) =>
            new(InferResponse.FromStream(parts.ToAsyncEnumerable(), "text/event-stream"));
    }

    /// <summary>Waits for ever, unless whoever reads its parts gives up.</summary>
    private sealed class Stuck : Model
    {
        public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected internal override ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context) =>
            new(InferResponse.FromStream(PartsAsync(), "text/event-stream"));

        private async IAsyncEnumerable<string> PartsAsync([EnumeratorCancellation] CancellationToken cancellation = default)
        {
            Waiting.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
            yield return "never";
        }
    }
}
