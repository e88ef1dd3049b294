using System.Diagnostics;
using Grpc.Core;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving;

public sealed class HeaderTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    public static TheoryData<PredictorProtocol> Protocols => new(Enum.GetValues<PredictorProtocol>());

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Forwarding_RestCaller_SendsTheListedHeadersAndNoOthers(PredictorProtocol protocol)
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(protocol).Always(Tensor.Create("y", [1f])).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor);
        using var request = new HttpRequestMessage(HttpMethod.Post, TestCalls.V1Predict) { Content = TestCalls.Json("""{"instances":[1]}""") };
        request.Headers.Add("x-request-id", "r1");
        request.Headers.Add("Authorization", "Bearer t");
        request.Headers.Add("traceparent", Parent);
        request.Headers.Add("tracestate", "a=b");
        request.Headers.Add("x-secret", "s");
        request.Headers.Add("Cookie", "c=1");

        using HttpResponseMessage answer = await host.Http.SendAsync(request);

        answer.IsSuccessStatusCode.Should().BeTrue();
        IReadOnlyDictionary<string, string> headers = predictor.Calls.Should().ContainSingle().Subject.Headers;
        headers["x-request-id"].Should().Be("r1");
        headers["authorization"].Should().Be("Bearer t");
        headers["traceparent"].Should().StartWith("00-0af7651916cd43dd8448eb211c80319c-");
        headers["tracestate"].Should().Be("a=b");
        headers.Should().NotContainKey("x-secret").And.NotContainKey("cookie");
    }

    [Fact]
    public async Task Forwarding_GrpcCaller_SendsMetadataAsHeaders()
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor().Always(Tensor.Create("y", [1f])).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor, "--forward_headers=x-tenant");

        await host.GrpcAsync(TestCalls.GrpcRequest("x", [1f], 1), new CallOptions(new Metadata { { "x-tenant", "t1" }, { "authorization", "no" } }));

        IReadOnlyDictionary<string, string> headers = predictor.Calls.Should().ContainSingle().Subject.Headers;
        headers["x-tenant"].Should().Be("t1");
        headers.Should().NotContainKey("authorization");
    }

    [Fact]
    public async Task Forwarding_RecordedActivity_PutsItselfBetween()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == SidecarTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> o) =>
                o.Parent.TraceId.ToHexString() == "1af7651916cd43dd8448eb211c80319d" ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
        };
        ActivitySource.AddActivityListener(listener);
        await using ScriptedPredictor predictor = await new ScriptedPredictor().Always(Tensor.Create("y", [1f])).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor);
        using var request = new HttpRequestMessage(HttpMethod.Post, TestCalls.V1Predict) { Content = TestCalls.Json("""{"instances":[1]}""") };
        request.Headers.Add("traceparent", "00-1af7651916cd43dd8448eb211c80319d-b7ad6b7169203331-01");

        using HttpResponseMessage answer = await host.Http.SendAsync(request);

        string sent = predictor.Calls.Should().ContainSingle().Subject.Headers["traceparent"];
        sent.Should().StartWith("00-1af7651916cd43dd8448eb211c80319d-").And.EndWith("-01").And.NotContain("b7ad6b7169203331");
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task ResponseHeaders_HookSetsAndCopies_RestCallerSeesThem(PredictorProtocol protocol)
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(protocol)
            .Always(PredictorStep.Answer(Tensor.Create("y", [1f])).WithHeader("x-from-predictor", "p").WithHeader("x-hidden", "h")).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<HeaderSetting>(predictor);

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json("""{"instances":[1]}"""));

        answer.Headers.GetValues("x-set").Should().Equal("here");
        answer.Headers.GetValues("x-passed").Should().Equal("p");
        answer.Headers.Contains("x-hidden").Should().BeFalse();
        host.AssertNoErrors();
    }

    [Fact]
    public async Task ResponseHeaders_GrpcCaller_GetsThemAsMetadata()
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(PredictorProtocol.GrpcV2)
            .Always(PredictorStep.Answer(Tensor.Create("y", [1f])).WithHeader("x-from-predictor", "p")).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<HeaderSetting>(predictor);

        using InferResponse answer = await host.Grpc.InferAsync(
            InferRequest.FromTensors(Tensor.Create("x", [1f])), new PredictorCall("model") { Headers = [new("x-request-id", "r")] });

        answer.Headers["x-set"].Should().Be("here");
        answer.Headers["x-passed"].Should().Be("p");
    }
}
