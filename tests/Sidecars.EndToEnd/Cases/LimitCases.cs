using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;
using static Sidecars.EndToEnd.Wire.HttpRequestText;

namespace Sidecars.EndToEnd.Cases;

/// <summary>The limits and options that are our own: docs/flags.md names them.</summary>
public sealed class LimitCases
{
    private const string Predict = "/v1/models/echo:predict";

    private const string Proxy = "/v1/models/proxy:predict";

    private const string Body = """{"instances":[1]}""";

    [Theory(DisplayName = "3 request size")]
    [InlineData(Predict, 0)]
    [InlineData(Predict, 100)]
    [InlineData("/v2/models/echo/infer", 0)]
    [InlineData("/v2/models/echo/infer", 100)]
    public async Task RequestSize_Beyond_Is413(string target, int chunk)
    {
        await using Bench bench = await Bench.StartAsync("--max_request_body_size", "1000");
        string fitting = target == Predict
            ? Body.PadRight(1000)
            : """{"id":"1","inputs":[{"name":"a","shape":[1],"datatype":"INT32","data":[1]}]}""".PadRight(1000);
        await bench.CheckAsync(PostJson(target, fitting).Chunked(chunk), Expect.Status(200));
        await bench.CheckAsync(PostJson(target, fitting + " ").Chunked(chunk), Expect.ErrorWith(413, "1000"));
        await bench.CheckAliveAsync();
    }

    [Fact(DisplayName = "3 JSON depth")]
    public async Task JsonDepth_Beyond_Is400()
    {
        await using Bench bench = await Bench.StartAsync("--max_json_depth", "8");
        string Nested(int depth) => "{\"instances\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}";
        await bench.CheckAsync(PostJson(Predict, Nested(8)), Expect.Status(200));
        await bench.CheckAsync(PostJson(Predict, Nested(9)), Expect.ErrorWith(400));
    }

    [Fact(DisplayName = "3 concurrency: a bounded queue, and 503 with Retry-After beyond it")]
    public async Task Concurrency_Beyond_Is503()
    {
        await using StubPredictor stub = StubPredictor.Start();
        await using Bench bench = await Bench.StartAsync(
            "--predictor_host", stub.Host, "--max_concurrent_requests", "1", "--max_queued_requests", "0");
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        stub.Infer(async (stream, stopped) =>
        {
            arrived.TrySetResult();
            return await StubAnswers.After(release.Task, StubAnswers.Json(200, StubPredictor.V1Answer))(stream, stopped);
        });
        using CancellationTokenSource deadline = Deadline.Start();
        Task<HttpAnswer> first = bench.SendAsync(PostJson(Proxy, Body));
        await arrived.Task.WaitAsync(deadline.Token);

        await bench.CheckAsync(PostJson(Predict, Body), Expect.ErrorWith(503)
            .That(a => a.Header("Retry-After").Should().MatchRegex("^[1-9][0-9]*$")));
        GrpcAnswer grpc = await bench.Grpc.CallAsync("ModelInfer", InferMessage.Request("echo", "1", [InferTensor.Fp32("a", [1], 1f)]));
        grpc.Status.Should().BeOneOf([8, 14], "of {0}", grpc);
        await bench.CheckAsync(Get("/v2/health/live"), Expect.Ok("""{"live":true}"""));
        await bench.CheckAsync(Get("/v1/models/echo"), Expect.Status(200));

        release.SetResult();
        (await first).Status.Should().Be(200);
        await bench.CheckAsync(PostJson(Predict, Body), Expect.Status(200));
    }

    [Fact(DisplayName = "3 a request in the queue gets its turn")]
    public async Task Concurrency_Queued_IsServedLater()
    {
        await using StubPredictor stub = StubPredictor.Start();
        await using Bench bench = await Bench.StartAsync(
            "--predictor_host", stub.Host, "--max_concurrent_requests", "1", "--max_queued_requests", "10");
        int inFlight = 0, most = 0;
        stub.Infer(async (stream, stopped) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inFlight));
            await Task.Yield();
            Interlocked.Decrement(ref inFlight);
            return await StubAnswers.Json(200, StubPredictor.V1Answer)(stream, stopped);
        });
        HttpAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => bench.SendAsync(PostJson(Proxy, Body))));
        answers.Select(a => a.Status).Should().AllBeEquivalentTo(200);
        most.Should().Be(1);
    }

    [Fact(DisplayName = "3 per-request deadline")]
    public async Task RequestTimeout_Over_Is504()
    {
        await using StubPredictor stub = StubPredictor.Start();
        stub.Infer(StubAnswers.Hang);
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--request_timeout_seconds", "1");
        await bench.CheckAsync(PostJson(Proxy, Body), Expect.ErrorWith(504));
        await bench.CheckAsync(PostJson("/v1/models/slow:predict", Body), Expect.ErrorWith(504));
        GrpcAnswer grpc = await bench.Grpc.CallAsync("ModelInfer", InferMessage.Request("slow", "1", [InferTensor.Fp32("a", [1], 1f)]));
        grpc.Status.Should().Be(4, "of {0}", grpc);
        await bench.CheckAliveAsync();
    }

    [Fact(DisplayName = "2.3 while a stop is announced the server goes on serving, and says that it is not ready")]
    public async Task DrainDelay_AfterSigTerm_ServesNotReady()
    {
        await using Bench bench = await Bench.StartAsync("--drain_delay_seconds", "3");
        await bench.CheckAsync(Post("/v2/repository/models/nr/unload"), Expect.Status(200));
        await bench.CheckAsync(Get("/v2/health/ready"), Expect.Ok("""{"ready":true}"""));
        bench.Server.Signal(ServerProcess.SigTerm);

        using CancellationTokenSource deadline = Deadline.Start();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        while ((await bench.GetAsync("/v2/health/ready")).Status == 200)
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }

        await bench.CheckAsync(Get("/v2/health/ready"), Expect.Error(503, "Server is not ready."));
        await bench.CheckAsync(PostJson(Predict, Body), Expect.Ok("""{"predictions":[1]}"""));
        await bench.CheckAsync(Get("/v2/health/live"), Expect.Ok("""{"live":true}"""));
        new ProtoFields((await bench.Grpc.CallAsync("ServerReady", [])).Messages.Single()).Flag(1).Should().BeFalse();
        (await bench.Server.ExitAsync()).Should().Be(0, "of {0}", bench.Server.Output);
    }

    [Fact(DisplayName = "2.3 what takes longer than the grace period is cut off, and the exit code is still 0")]
    public async Task GracePeriod_Over_EndsTheProcess()
    {
        await using StubPredictor stub = StubPredictor.Start();
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        stub.Infer(async (stream, stopped) =>
        {
            arrived.TrySetResult();
            return await StubAnswers.Hang(stream, stopped);
        });
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--grace_period_seconds", "1");
        Task<HttpAnswer> hanging = bench.SendAsync(PostJson(Proxy, Body));
        using CancellationTokenSource deadline = Deadline.Start();
        await arrived.Task.WaitAsync(deadline.Token);
        bench.Server.Signal(ServerProcess.SigTerm);
        (await bench.Server.ExitAsync()).Should().Be(0, "of {0}", bench.Server.Output);
        try
        {
            (await hanging).Status.Should().NotBe(200);
        }
        catch (IOException)
        {
            // Cut off without an answer.
        }
    }

    [Fact(DisplayName = "7.1 metrics on a port of their own")]
    public async Task MetricsPort_Given_TakesThemThere()
    {
        int port = Ports.Free();
        await using Bench bench = await Bench.StartAsync("--metrics_port", $"{port}");
        await bench.CheckAsync(PostJson(Predict, Body), Expect.Status(200));
        await bench.CheckAsync(Get("/metrics"), Expect.Status(404));
        using CancellationTokenSource deadline = Deadline.Start();
        await using HttpConnection connection = await HttpConnection.OpenAsync(port, deadline.Token);
        HttpAnswer metrics = await connection.SendAsync(Get("/metrics"), deadline.Token);
        metrics.Text.Should().Contain("request_predict_seconds_count{model_name=\"echo\"} 1");
        (await connection.SendAsync(Get("/v1/models"), deadline.Token)).Status.Should().Be(404);
    }

    [Fact(DisplayName = "3 environment variables stand behind the flags")]
    public async Task Environment_Options_AreRead()
    {
        await using (Bench bench = await Bench.StartAsync([("SIDECAR_ENABLE_DOCS_URL", "true"), ("SIDECAR_MAX_REQUEST_BODY_SIZE", "1000")]))
        {
            await bench.CheckAsync(Get("/docs"), Expect.Status(200));
            await bench.CheckAsync(PostJson(Predict, Body.PadRight(1001)), Expect.ErrorWith(413));
        }

        await using Bench flagged = await Bench.StartAsync([("SIDECAR_ENABLE_DOCS_URL", "true")], "--enable_docs_url", "false");
        await flagged.CheckAsync(Get("/docs"), Expect.Status(404));
    }

    [Fact(DisplayName = "6.3 the list of forwarded headers is an option")]
    public async Task ForwardHeaders_Given_ReplaceTheList()
    {
        await using StubPredictor stub = StubPredictor.Start();
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--forward_headers", "x-custom,x-request-id");
        await bench.CheckAsync(PostJson(Proxy, Body).With("X-Custom", "x").With("X-Request-Id", "rid").With("Authorization", "Bearer t"),
            Expect.Status(200));
        StubRequest sent = stub.Inferences.Single();
        sent.Header("x-custom").Should().Be("x");
        sent.Header("x-request-id").Should().Be("rid");
        sent.Header("authorization").Should().BeNull();
    }

    [Fact(DisplayName = "6.3 the model may have another name on the predictor")]
    public async Task PredictorModelName_Given_IsUsed()
    {
        await using StubPredictor stub = StubPredictor.Start();
        stub.Infer(StubAnswers.Json(200, StubPredictor.V1Answer));
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--predictor_model_name", "other");
        await bench.CheckAsync(PostJson(Proxy, Body), Expect.Status(200));
        stub.Inferences.Single().Target.Should().Be("/v1/models/other:predict");
    }
}
