using System.Net;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving;

/// <summary>What the caller sees when the predictor breaks, is late or refuses.</summary>
public sealed class FaultTests
{
    private const string Ask = """{"instances":[[1.5]]}""";

    public static TheoryData<PredictorProtocol, PredictorFault, HttpStatusCode> Faults()
    {
        var all = new TheoryData<PredictorProtocol, PredictorFault, HttpStatusCode>();
        foreach (PredictorProtocol protocol in Enum.GetValues<PredictorProtocol>())
        {
            all.Add(protocol, PredictorFault.ConnectionReset, HttpStatusCode.BadGateway);
            all.Add(protocol, PredictorFault.GarbageBody, HttpStatusCode.BadGateway);
            all.Add(protocol, PredictorFault.TruncatedBody, HttpStatusCode.BadGateway);
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_Predictor_CallerGetsItsStatusAndTheServerGoesOn(PredictorProtocol protocol, PredictorFault fault, HttpStatusCode expected)
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(protocol)
            .Next(PredictorStep.Fault(fault)).Always(Tensor.Create("y", [1f])).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor);

        using HttpResponseMessage broken = await host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(Ask));
        using HttpResponseMessage whole = await host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(Ask));

        broken.StatusCode.Should().Be(expected, await broken.Content.ReadAsStringAsync());
        (await broken.ErrorAsync()).Should().NotBeEmpty();
        whole.StatusCode.Should().Be(HttpStatusCode.OK);
        predictor.Calls.Should().HaveCount(2, "no fault after the connection is tried again");
        host.AssertNoErrors();
    }

    [Theory]
    [InlineData(PredictorProtocol.V1)]
    [InlineData(PredictorProtocol.V2)]
    [InlineData(PredictorProtocol.GrpcV2)]
    public async Task EndlessBody_Client_StopsAtItsLimit(PredictorProtocol protocol)
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(protocol).Always(PredictorStep.Fault(PredictorFault.EndlessBody)).ServeAsync();
        await using var client = new InferenceClient(new InferenceClientOptions
        {
            Host = (protocol == PredictorProtocol.GrpcV2 ? predictor.GrpcAddress : predictor.RestAddress).ToString(),
            Protocol = protocol,
            MaxAnswerSize = 1 << 20,
        });

        Func<Task> call = async () => await client.InferAsync(InferRequest.FromTensors(Tensor.Create("x", [1f])), new PredictorCall("model"));

        InferenceException e = (await call.Should().ThrowAsync<InferenceException>()).Which;
        (e.Kind == ErrorKind.PredictorBody || e.GrpcStatus == (int)StatusCode.ResourceExhausted).Should().BeTrue(e.Message);
    }

    [Theory]
    [InlineData(PredictorProtocol.V1)]
    [InlineData(PredictorProtocol.V2)]
    [InlineData(PredictorProtocol.GrpcV2)]
    public async Task Chunks_AnswerInManyParts_IsReadWhole(PredictorProtocol protocol)
    {
        float[] values = [.. Enumerable.Range(0, 5000).Select(static i => i / 3f)];
        await using ScriptedPredictor predictor = await new ScriptedPredictor(protocol)
            .Always(PredictorStep.Answer(Tensor.Create("y", values)).InChunks(50)).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor);

        using InferResponse answer = await host.V2.InferAsync(InferRequest.FromTensors(Tensor.Create("x", [1f])), new PredictorCall("model"));

        answer.Outputs[0].ToArray<float>().Should().Equal(values);
    }

    [Theory]
    [InlineData(PredictorProtocol.V1, 429)]
    [InlineData(PredictorProtocol.V2, 404)]
    [InlineData(PredictorProtocol.GrpcV2, 404)]
    public async Task Status_PredictorRefuses_PassesThrough(PredictorProtocol protocol, int status)
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(protocol).Always(PredictorStep.Status(status, "not now, 100%")).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor);

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(Ask));

        ((int)answer.StatusCode).Should().Be(status);
        (await answer.ErrorAsync()).Should().Contain("not now, 100%");
    }

    [Fact]
    public async Task Redirect_Predictor_IsNotFollowed()
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor()
            .Always(PredictorStep.Status(302, "").WithHeader("Location", "http://elsewhere/")).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor);

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(Ask));

        answer.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        (await answer.ErrorAsync()).Should().Contain("302").And.Contain("http://elsewhere/");
        predictor.Calls.Should().ContainSingle();
    }

    [Theory]
    [InlineData(PredictorProtocol.V1, true)]
    [InlineData(PredictorProtocol.V2, true)]
    [InlineData(PredictorProtocol.GrpcV2, true)]
    [InlineData(PredictorProtocol.V1, false)]
    public async Task Late_Predictor_Is504ThatNamesHopAndLimit(PredictorProtocol protocol, bool served)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var predictor = new ScriptedPredictor(protocol, time);
        predictor.Always(PredictorStep.Fault(PredictorFault.NoAnswer));
        if (served)
        {
            await predictor.ServeAsync();
        }

        await using SidecarTestHost host = await SidecarTestHost.StartAsync(
            b => b.Services.AddSingleton<TimeProvider>(time).AddModel<Proxy>(b), predictor, "--predictor_request_timeout_seconds=30");
        Task<HttpResponseMessage> asking = host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(Ask));
        await predictor.WaitForCallsAsync(1);

        time.Advance(TimeSpan.FromSeconds(served ? 31 : 601));

        using HttpResponseMessage answer = await asking;
        answer.StatusCode.Should().Be(HttpStatusCode.GatewayTimeout);
        (await answer.ErrorAsync()).Should().Contain(served ? "127.0.0.1:" : "scripted-predictor").And.Contain(served ? "30 s" : "600 s");
        host.AssertNoErrors();
    }

    [Fact]
    public async Task Late_RequestTimeout_Is504ThatNamesTheLimit()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using ScriptedPredictor predictor =
            await new ScriptedPredictor(PredictorProtocol.V2, time).Always(PredictorStep.Fault(PredictorFault.NoAnswer)).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(
            b => b.Services.AddSingleton<TimeProvider>(time).AddModel<Proxy>(b), predictor, "--request_timeout_seconds=5");
        Task<HttpResponseMessage> asking = host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(Ask));
        await predictor.WaitForCallsAsync(1);

        time.Advance(TimeSpan.FromSeconds(6));

        using HttpResponseMessage answer = await asking;
        answer.StatusCode.Should().Be(HttpStatusCode.GatewayTimeout);
        (await answer.ErrorAsync()).Should().Contain("5 s").And.Contain("predict");
    }

    [Fact]
    public async Task GrpcTimeout_Caller_GoesOnToTheNextHop()
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(PredictorProtocol.GrpcV2).Always(Tensor.Create("y", [1f])).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor);

        await host.GrpcAsync(TestCalls.GrpcRequest("x", [1f], 1), new CallOptions(deadline: DateTime.UtcNow.AddSeconds(60)));

        predictor.Calls.Should().ContainSingle().Which.Timeout.Should().BeGreaterThan(TimeSpan.Zero).And.BeLessThanOrEqualTo(TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(PredictorProtocol.V1)]
    [InlineData(PredictorProtocol.GrpcV2)]
    public async Task GrpcTimeout_PredictorNeverAnswers_IsDeadlineExceeded(PredictorProtocol protocol)
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(protocol).Always(PredictorStep.Fault(PredictorFault.NoAnswer)).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor);

        // By hand: gRPC's own client would keep the time itself.
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.GrpcAddress, "/inference.GRPCInferenceService/ModelInfer"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(TestCalls.Frame(Google.Protobuf.MessageExtensions.ToByteArray(TestCalls.GrpcRequest("x", [1f], 1)))),
        };
        request.Headers.TE.Add(new("trailers"));
        request.Headers.Add("grpc-timeout", "200m");
        request.Content.Headers.ContentType = new("application/grpc");

        using HttpResponseMessage answer = await http.SendAsync(request);
        await answer.Content.ReadAsByteArrayAsync();

        string? status = answer.TrailingHeaders.TryGetValues("grpc-status", out var trailer) ? trailer.Single() : answer.Headers.GetValues("grpc-status").Single();
        status.Should().Be("4");
        host.AssertNoErrors();
    }

    [Theory]
    [InlineData(PredictorProtocol.V1)]
    [InlineData(PredictorProtocol.V2)]
    [InlineData(PredictorProtocol.GrpcV2)]
    public async Task Retries_Unavailable_IsTriedAgainAndAnythingElseIsNot(PredictorProtocol protocol)
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(protocol)
            .Next(PredictorStep.Status(503, "busy")).Next(PredictorStep.Status(503, "busy")).Next(Tensor.Create("y", [1f]))
            .Next(PredictorStep.Status(500, "broken")).Next(PredictorStep.Fault(PredictorFault.ConnectionReset)).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor, "--predictor_request_retries=2");

        using HttpResponseMessage first = await host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(Ask));
        int afterFirst = predictor.Calls.Count;
        using HttpResponseMessage second = await host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(Ask));
        using HttpResponseMessage third = await host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(Ask));

        first.StatusCode.Should().Be(HttpStatusCode.OK);
        afterFirst.Should().Be(3);
        second.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        third.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        predictor.Calls.Should().HaveCount(5);
        predictor.Calls.Select(static c => Convert.ToHexString(c.Request.Body.Span)).Take(3).Distinct().Should().ContainSingle("a retry sends the same bytes");
        predictor.AssertFinished();
    }

    [Theory]
    [InlineData(PredictorProtocol.V1)]
    [InlineData(PredictorProtocol.GrpcV2)]
    public async Task Connection_NobodyListens_Is503(PredictorProtocol protocol)
    {
        var gone = new ScriptedPredictor(protocol);
        await gone.ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(gone);
        await gone.DisposeAsync();

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(Ask));

        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await answer.ErrorAsync()).Should().Contain("cannot be reached");
        host.Logs.Should().Contain(static l => l.Level == LogLevel.Warning && l.Message.Contains("cannot be reached", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("http://{0}")]
    [InlineData("HTTP://{0}/")]
    [InlineData("http://{0}/some/prefix")]
    public async Task Address_AnyForm_IsCalled(string form)
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor().Always(Tensor.Create("y", [1f])).ServeAsync();
        string host = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, "localhost:" + predictor.RestAddress.Port);
        await using var client = new InferenceClient(new InferenceClientOptions { Host = host });

        using InferResponse answer = await client.InferAsync(InferRequest.FromRows([1f], 1), new PredictorCall("m"));

        answer.Outputs[0].ToArray<float>().Should().Equal(1);
        predictor.Calls.Single().Path.Should().Be((form.Contains("prefix", StringComparison.Ordinal) ? "/some/prefix" : "") + "/v1/models/m:predict");
    }

    [Fact]
    public async Task Http2_RestPredictorOverH2c_IsCalled()
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(PredictorProtocol.V2).Always(Tensor.Create("y", [1f])).ServeAsync();
        await using var client = new InferenceClient(new InferenceClientOptions
        {
            Host = predictor.GrpcAddress.ToString(), Protocol = PredictorProtocol.V2, Http2 = true,
        });

        using InferResponse answer = await client.InferAsync(InferRequest.FromRows([1f], 1), new PredictorCall("m"));

        answer.Outputs[0].ToArray<float>().Should().Equal(1);
    }
}
