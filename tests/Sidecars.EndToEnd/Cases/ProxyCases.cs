using System.Text;
using System.Text.Json;
using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;
using static Sidecars.EndToEnd.Wire.HttpRequestText;

namespace Sidecars.EndToEnd.Cases;

/// <summary>Contract section D, first part: what a V1 predictor receives, and what its answers become.</summary>
[Collection(SharedServerTests.Name)]
public sealed class ProxyCases
{
    private const string Proxy = "/v1/models/proxy:predict";

    private const string Body = """{"instances":[[1, 2.50]], "x": null}""";

    private readonly Bench _bench;
    private readonly StubPredictor _stub;

    public ProxyCases(SharedServer shared)
    {
        _bench = shared.Bench;
        _stub = shared.Stub;
        _stub.Reset();
    }

    /// <summary>A predictor's bad answer: its status, its body, the status the caller gets, a part of the error.</summary>
    public static TheoryData<int, string, int, string> PredictorErrors => new()
    {
        { 400, """{"error":"pred says no"}""", 400, "pred says no" },
        { 404, """{"error":"Model with name proxy does not exist."}""", 404, "Model with name proxy does not exist." },
        { 422, """{"detail":[{"msg":"Field required"}]}""", 422, "Field required" },
        { 429, """{"error":"slow down"}""", 429, "slow down" },
        { 500, """{"error":"cuda out of memory"}""", 500, "cuda out of memory" },
        { 501, """{"error":"not here"}""", 501, "not here" },
        { 502, "bad gateway", 502, "" },
        { 503, """{"error":"Model with name proxy is not ready."}""", 503, "Model with name proxy is not ready." },
        { 504, "upstream request timeout", 504, "" },
        { 302, "", 502, "" },
    };

    public static TheoryData<string> AnyJson => ["5", "[1,2]", "\"x\"", "null", "{}", """{"predictions":[{"a":1.5,"b":"é"}],"more":true}"""];

    [Fact(DisplayName = "150 body and path towards a V1 predictor")]
    public async Task Proxy_V1_SendsTheRequestOn()
    {
        await _bench.CheckAsync(PostJson(Proxy, Body), Expect.OkJson(StubPredictor.V1Answer));

        StubRequest sent = _stub.Inferences.Should().ContainSingle("default retries are none").Subject;
        sent.Target.Should().Be("/v1/models/proxy:predict");
        JsonText.Same(sent.Text, """{"instances":[[1,2.5]],"x":null}""").Should().BeTrue("but the stub got {0}", sent.Text);
        sent.Header("Content-Type").Should().Be("application/json");
        sent.Header("Host").Should().Be(_stub.Host);
        sent.All("Content-Length").Count.Should().BeLessThanOrEqualTo(1);
    }

    [Fact(DisplayName = "151 the headers that are forwarded, and those that are not")]
    public async Task Proxy_Headers_AreForwardedFromTheList()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        await _bench.CheckAsync(
            PostJson(Proxy, Body).With("X-Request-Id", "rid").With("X-B3-TraceId", "b3t").With("Authorization", "Bearer t")
                .With("traceparent", $"00-{Trace}-00f067aa0ba902b7-01").With("tracestate", "k=v").With("baggage", "user=1")
                .With("X-B3-SpanId", "b3s").With("X-B3-Sampled", "1")
                .With("Cookie", "c=1").With("X-Forwarded-For", "10.0.0.1").With("User-Agent", "caller/1").With("X-Custom", "x"),
            Expect.Status(200));

        StubRequest sent = _stub.Inferences.Should().ContainSingle().Subject;
        sent.Header("x-request-id").Should().Be("rid");
        sent.Header("x-b3-traceid").Should().Be("b3t");
        sent.Header("authorization").Should().Be("Bearer t");
        sent.Header("traceparent").Should().StartWith($"00-{Trace}-", "the trace goes on, by whatever span");
        sent.Header("tracestate").Should().Be("k=v");
        sent.Header("baggage").Should().Be("user=1");
        sent.Header("x-b3-spanid").Should().Be("b3s");
        sent.Header("x-b3-sampled").Should().Be("1");
        sent.Header("cookie").Should().BeNull();
        sent.Header("x-forwarded-for").Should().BeNull();
        sent.Header("x-custom").Should().BeNull();
        sent.Header("user-agent").Should().NotBe("caller/1");
    }

    [Fact(DisplayName = "151 metadata of a gRPC caller is forwarded alike")]
    public async Task Proxy_GrpcMetadata_IsForwardedFromTheList()
    {
        GrpcAnswer answer = await _bench.Grpc.CallAsync(
            "ModelInfer", InferMessage.Request("proxy", "1", [InferTensor.Fp32("a", [1], 1f)]),
            ("x-request-id", "rid"), ("authorization", "Bearer t"), ("x-custom", "x"));
        answer.Status.Should().Be(0, "of {0}", answer);
        StubRequest sent = _stub.Inferences.Single();
        sent.Header("x-request-id").Should().Be("rid");
        sent.Header("authorization").Should().Be("Bearer t");
        sent.Header("x-custom").Should().BeNull();
        sent.Header("grpc-accept-encoding").Should().BeNull();
    }

    [Fact(DisplayName = "151 nothing is forwarded that did not come")]
    public async Task Proxy_NoHeaders_InventsNone()
    {
        await _bench.CheckAsync(Post(Proxy).WithBody(Body), Expect.Status(200));
        StubRequest sent = _stub.Inferences.Single();
        sent.Header("authorization").Should().BeNull();
        sent.Header("x-b3-traceid").Should().BeNull();
        sent.Header("Content-Type").Should().Be("application/json", "also when the caller named none");
    }

    [Fact(DisplayName = "18 a body that is not JSON goes to the predictor as it came")]
    public async Task Proxy_ForeignContentType_ForwardsTheBytes()
    {
        byte[] bytes = [.. "not json at all "u8, 0xFF, 0x00];
        await _bench.CheckAsync(Post(Proxy).With("Content-Type", "text/plain").WithBody(bytes), Expect.Status(200));
        StubRequest sent = _stub.Inferences.Single();
        sent.Body.Should().Equal(bytes);
        sent.Header("Content-Type").Should().Be("text/plain");
    }

    [Theory(DisplayName = "26 any JSON root goes to the predictor")]
    [InlineData("[1,2]")]
    [InlineData("5")]
    [InlineData("\"abc\"")]
    [InlineData("null")]
    public async Task Proxy_AnyRoot_IsSent(string root)
    {
        await _bench.CheckAsync(PostJson(Proxy, root), Expect.Status(200));
        JsonText.Same(_stub.Inferences.Single().Text, root).Should().BeTrue();
    }

    [Theory(DisplayName = "6.3 any JSON comes back")]
    [MemberData(nameof(AnyJson))]
    public async Task Proxy_AnyAnswer_IsReturned(string json)
    {
        _stub.Infer(StubAnswers.Json(200, json));
        await _bench.CheckAsync(PostJson(Proxy, Body), Expect.OkJson(json));
    }

    [Fact(DisplayName = "28 what is not a list never reaches the predictor")]
    public async Task Proxy_InstancesNoList_IsRefusedHere()
    {
        await _bench.CheckAsync(PostJson(Proxy, """{"instances":{"a":1}}"""), Expect.Error(400, "Expected \"instances\" to be a list"));
        await _bench.CheckAsync(PostJson(Proxy, "not json"), Expect.ErrorWith(400, "Unrecognized request format: "));
        _stub.Inferences.Should().BeEmpty();
    }

    [Theory(DisplayName = "154 155 156 a predictor's error passes through")]
    [MemberData(nameof(PredictorErrors))]
    public async Task Proxy_PredictorError_ReachesTheCaller(int status, string body, int expected, string part)
    {
        StubAnswer answer = body.StartsWith('{')
            ? StubAnswers.Json(status, body)
            : StubAnswers.Whole(status, Encoding.UTF8.GetBytes(body), "Content-Type: text/plain", "Location: /elsewhere");
        _stub.Infer(answer);

        await _bench.CheckAsync(PostJson(Proxy, Body), part.Length > 0 ? Expect.ErrorWith(expected, part) : Expect.ErrorWith(expected));
        _stub.Inferences.Should().ContainSingle("166: nothing is retried by default, and no redirect followed");
        await _bench.CheckAliveAsync();
    }

    [Fact(DisplayName = "157 answers that cannot be read are 502")]
    public async Task Proxy_UnreadableAnswer_Is502()
    {
        foreach (StubAnswer answer in new[]
        {
            StubAnswers.Garbage,
            StubAnswers.Truncated("""{"predictions":["""),
        })
        {
            _stub.Reset();
            _stub.Infer(answer);
            await _bench.CheckAsync(PostJson(Proxy, Body), Expect.ErrorWith(502));
            _stub.Inferences.Should().ContainSingle();
        }

        await _bench.CheckAliveAsync();
    }

    [Fact(DisplayName = "157 a connection that is reset")]
    public async Task Proxy_Reset_IsAnError()
    {
        _stub.Infer(StubPredictor.ResetConnection);
        await _bench.CheckAsync(PostJson(Proxy, Body), Expect.AnyError(502, 503));
        _stub.Reset();
        await _bench.CheckAsync(PostJson(Proxy, Body), Expect.OkJson(StubPredictor.V1Answer));
    }

    [Fact(DisplayName = "6.3 chunked answers and answers that end with the connection")]
    public async Task Proxy_AnswerFramings_AreAllRead()
    {
        _stub.Infer(StubAnswers.Chunked("application/json", "{\"predic", "tions\":[", "1,2]}"));
        await _bench.CheckAsync(PostJson(Proxy, Body), Expect.OkJson("""{"predictions":[1,2]}"""));
        _stub.Infer(StubAnswers.UntilClose("""{"predictions":[3]}"""));
        await _bench.CheckAsync(PostJson(Proxy, Body), Expect.OkJson("""{"predictions":[3]}"""));
        await _bench.CheckAsync(PostJson(Proxy, Body), Expect.OkJson("""{"predictions":[3]}"""));
    }

    [Fact(DisplayName = "6.3 large bodies both ways")]
    public async Task Proxy_LargeBodies_PassWhole()
    {
        string values = string.Join(',', Enumerable.Range(0, 400_000).Select(i => i + 0.5));
        _stub.Infer(StubAnswers.Json(200, $$"""{"predictions":[{{values}}]}"""));
        HttpAnswer answer = await _bench.CheckAsync(PostJson(Proxy, $$"""{"instances":[{{values}}]}"""), Expect.Status(200));
        _stub.Inferences.Single().Json().GetProperty("instances").GetArrayLength().Should().Be(400_000);
        answer.Json().GetProperty("predictions")[399_999].GetDouble().Should().Be(399_999.5);
    }

    [Fact(DisplayName = "6.3 the predictor's own headers stay behind")]
    public async Task Proxy_PredictorHeaders_AreNotCopied()
    {
        _stub.Infer(StubAnswers.Json(200, StubPredictor.V1Answer, "Server: stub", "Connection: keep-alive", "Set-Cookie: a=b", "X-Internal: 1"));
        await _bench.CheckAsync(PostJson(Proxy, Body), Expect.OkJson(StubPredictor.V1Answer)
            .NoHeader("Set-Cookie").NoHeader("X-Internal").That(a => a.Header("Server").Should().NotBe("stub"))
            .That(a => a.All("Date").Should().ContainSingle()));
    }

    [Fact(DisplayName = "6.3 a caller who goes away ends the call to the predictor")]
    public async Task Proxy_CallerGone_CancelsThePredictorCall()
    {
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _stub.Infer(async (stream, stopped) =>
        {
            arrived.TrySetResult();
            try
            {
                await StubAnswers.Hang(stream, stopped);
            }
            finally
            {
                ended.TrySetResult();
            }

            return false;
        });
        using CancellationTokenSource deadline = Deadline.Start();
        HttpConnection caller = await HttpConnection.OpenAsync(_bench.Server.HttpPort, deadline.Token);
        HttpRequestText request = PostJson(Proxy, Body);
        await caller.WriteAsync([.. request.Head(caller.Host), .. request.FramedBody()], deadline.Token);
        await arrived.Task.WaitAsync(deadline.Token);
        caller.Reset();
        await ended.Task.WaitAsync(deadline.Token);
        await _bench.CheckAliveAsync();
    }

    [Fact(DisplayName = "6.3 calls through a slow predictor do not wait for one another")]
    public async Task Proxy_ManyAtOnce_AreAllInFlight()
    {
        const int Count = 20;
        int arrived = 0;
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _stub.Script(request =>
        {
            if (request.Method != "POST")
            {
                return null;
            }

            if (Interlocked.Increment(ref arrived) == Count)
            {
                all.TrySetResult();
            }

            return StubAnswers.After(all.Task, StubAnswers.Json(200, request.Text));
        });
        HttpAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, Count)
            .Select(i => _bench.SendAsync(PostJson(Proxy, $$"""{"instances":[{{i}}]}"""))));
        answers.Select(a => a.Json().GetProperty("instances")[0].GetInt32()).Should().Equal(Enumerable.Range(0, Count));
    }
}
