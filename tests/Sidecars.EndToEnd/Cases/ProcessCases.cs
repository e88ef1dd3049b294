using System.Globalization;
using System.Text.RegularExpressions;
using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;
using static Sidecars.EndToEnd.Wire.HttpRequestText;

namespace Sidecars.EndToEnd.Cases;

/// <summary>Contract section F and section 2: flags, exit codes, signals, readiness at the port.</summary>
public sealed class ProcessCases
{
    private const string Predict = "/v1/models/echo:predict";

    private const string Body = """{"instances":[1]}""";

    /// <summary>Arguments a server must start with, whatever it makes of them.</summary>
    public static TheoryData<string, string> Accepted => new()
    {
        { "190 unknown flags and positionals", "--foo bar positional --baz=1 -h --" },
        { "190 a positional after a switch", "--enable_predictor_health_check true" },
        { "190 abbreviation", "--model zz" },
        { "190 a dash is no underscore", "--timeout_keep_alive no-number" },
        { "2 every flag", "--workers 4 --max_threads 8 --max_asyncio_workers 2 --enable_docs_url false --enable_latency_logging no"
            + " --configure_logging true --event-loop uvloop --timeout-keep-alive 30 --model_name m --protocol v1"
            + " --predictor_protocol v1 --predictor_use_ssl off --predictor_request_timeout_seconds 10"
            + " --grpc_max_send_message_length 1000000 --grpc_max_receive_message_length=1000000 --predictor_request_retries 1" },
        { "2 equals signs", "--workers=1 --enable_docs_url=F --event-loop=auto" },
        { "2 duplicates", "--workers 1 --workers 2 --model_name a --model_name=b --event-loop asyncio --event-loop auto" },
        { "1.1 the controller's arguments", "--model_name isvc --predictor_host isvc-predictor.ns --workers 3" },
        { "198 arguments of the ART explainer", "--model_name n --predictor_host h --workers 2 --storage_uri /mnt/models"
            + " --adversary_type SquareAttack --channels_first False --max_iter 1000 --nb_classes 10 --max_iter 1000 --nb_classes 10" },
        { "1.1 ModelMesh", "--protocol grpc-v2 --predictor_host localhost:8033" },
    };

    /// <summary>Arguments that end the program with 2 and a line about their use.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { "2 no number", "--http_port abc" },
        { "2 number with a fraction", "--grpc_port 1.5" },
        { "2 no boolean", "--enable_grpc maybe" },
        { "2 boolean without a value", "--enable_grpc" },
        { "2 value missing", "--predictor_host" },
        { "2 none of the choices", "--predictor_protocol v9" },
        { "2 none of the old choices", "--protocol v3" },
        { "2 no event loop", "--event-loop trio" },
        { "190 ambiguous abbreviation", "--predictor h" },
        { "190 ambiguous with equals", "--predictor_request=1" },
    };

    [Theory(DisplayName = "190 arguments that are accepted")]
    [MemberData(nameof(Accepted))]
    public async Task Arguments_Tolerable_StartTheServer(string why, string arguments)
    {
        await using Bench bench = await Bench.StartAsync(arguments.Split(' '));
        await bench.CheckAliveAsync();
        bench.Server.HasExited.Should().BeFalse(why);
    }

    [Theory(DisplayName = "2 arguments that are refused")]
    [MemberData(nameof(Refused))]
    public async Task Arguments_Bad_ExitWith2(string why, string arguments)
    {
        int[] ports = Ports.Free(2);
        string[] all = ["--http_port", $"{ports[0]}", "--grpc_port", $"{ports[1]}", .. arguments.Split(' ')];
        (int exitCode, string errors) = await ServerProcess.RunToExitAsync(all);
        exitCode.Should().Be(2, "{0}: {1}", why, errors);
        errors.ToLowerInvariant().Should().Contain("usage");
        errors.Should().Contain(arguments.Split(' ', '=')[0], "the flag is named");
    }

    [Fact(DisplayName = "2 every error of the arguments is told, or the first: never a stack trace")]
    public async Task Arguments_Bad_ShowNoStackTrace()
    {
        (int exitCode, string errors) = await ServerProcess.RunToExitAsync("--http_port", "99999999");
        exitCode.Should().NotBe(0);
        errors.Should().NotContain("   at ");
    }

    [Fact(DisplayName = "188 the last of two ports wins")]
    public async Task HttpPort_Twice_LastWins()
    {
        int[] ports = Ports.Free(3);
        await using ServerProcess server = await ServerProcess.StartExactlyAsync(
            ports[1], ports[2], "--http_port", $"{ports[0]}", $"--grpc_port={ports[2]}", $"--http_port={ports[1]}");
        using CancellationTokenSource deadline = Deadline.Start();
        (await Ports.IsOpenAsync(ports[0], deadline.Token)).Should().BeFalse();
        (await Ports.IsOpenAsync(ports[1], deadline.Token)).Should().BeTrue();
    }

    [Fact(DisplayName = "190 --http as an abbreviation of --http_port")]
    public async Task HttpPort_Abbreviated_IsUnderstood()
    {
        int[] ports = Ports.Free(2);
        await using ServerProcess server = await ServerProcess.StartExactlyAsync(ports[0], ports[1], "--http", $"{ports[0]}", $"--grpc_p={ports[1]}");
        using CancellationTokenSource deadline = Deadline.Start();
        (await Ports.UntilAsync(ports[1], open: true, () => server.HasExited, deadline.Token)).Should().BeTrue();
    }

    [Theory(DisplayName = "192 gRPC off")]
    [InlineData("no")]
    [InlineData("n")]
    [InlineData("F")]
    [InlineData("FALSE")]
    [InlineData("off")]
    [InlineData("0")]
    public async Task EnableGrpc_False_OpensNoPort(string value)
    {
        int[] ports = Ports.Free(2);
        await using ServerProcess server = await ServerProcess.StartExactlyAsync(
            ports[0], ports[1], "--http_port", $"{ports[0]}", "--grpc_port", $"{ports[1]}", "--enable_grpc", value);
        using CancellationTokenSource deadline = Deadline.Start();
        (await Ports.IsOpenAsync(ports[1], deadline.Token)).Should().BeFalse();
    }

    [Theory(DisplayName = "2 gRPC on, by every word for yes")]
    [InlineData("y")]
    [InlineData("YES")]
    [InlineData("t")]
    [InlineData("True")]
    [InlineData("on")]
    [InlineData("1")]
    public async Task EnableGrpc_True_OpensThePort(string value)
    {
        await using Bench bench = await Bench.StartAsync("--enable_grpc=" + value);
        (await bench.Grpc.CallAsync("ServerLive", [])).Status.Should().Be(0);
    }

    [Fact(DisplayName = "3.2 docs on")]
    public async Task EnableDocs_True_ServesThem()
    {
        await using Bench bench = await Bench.StartAsync("--enable_docs_url", "true");
        await bench.CheckAsync(Get("/docs"), Expect.Status(200).That(a => a.Header("Content-Type").Should().StartWith("text/html"))
            .That(a => a.Text.Should().Contain("/openapi.json")));
        await bench.CheckAsync(Get("/redoc"), Expect.Detail(404, "Not Found"));
    }

    [Fact(DisplayName = "2 flags without effect say so")]
    public async Task Workers_Given_AreSaidToHaveNoEffect()
    {
        await using Bench bench = await Bench.StartAsync("--workers", "4", "--event-loop", "uvloop");
        await bench.CheckAliveAsync();
        string output = bench.Server.Output;
        output.Should().Contain("workers").And.Contain("event-loop");
    }

    [Fact(DisplayName = "1.1 --protocol stands in for --predictor_protocol")]
    public async Task Protocol_Alone_ChoosesThePredictorProtocol()
    {
        await using StubPredictor stub = StubPredictor.Start();
        string v2 = """{"id":"1","inputs":[{"name":"a","shape":[1],"datatype":"FP32","data":[1]}]}""";
        await using (Bench bench = await Bench.StartAsync("--protocol", "v2", "--predictor_host", stub.Host))
        {
            await bench.CheckAsync(PostJson("/v2/models/proxy/infer", v2), Expect.Status(200));
            stub.Inferences.Single().Target.Should().Be("/v2/models/proxy/infer");
        }

        stub.Reset();
        await using Bench both = await Bench.StartAsync("--protocol", "v2", "--predictor_protocol", "v1", "--predictor_host", stub.Host);
        await both.CheckAsync(PostJson("/v1/models/proxy:predict", Body), Expect.Status(200));
        stub.Inferences.Single().Target.Should().Be("/v1/models/proxy:predict");
    }

    [Fact(DisplayName = "2 a port that is taken ends the program, with the port in the message")]
    public async Task HttpPort_Taken_Exits()
    {
        await using StubPredictor holder = StubPredictor.Start();
        await using Bench first = await Bench.StartAsync();
        (int exitCode, string errors) = await ServerProcess.RunToExitAsync(
            "--http_port", $"{first.Server.HttpPort}", "--grpc_port", $"{Ports.Free()}");
        exitCode.Should().NotBe(0);
        errors.Should().Contain(
            $":{first.Server.HttpPort}: address already in use. Take another port with --http_port, 0 for any that is free.");
    }

    [Theory(DisplayName = "2.3 signals end an idle server with 0")]
    [InlineData(ServerProcess.SigTerm)]
    [InlineData(ServerProcess.SigInt)]
    [InlineData(ServerProcess.SigQuit)]
    public async Task Signal_Idle_ExitsWith0(int signal)
    {
        await using Bench bench = await Bench.StartAsync();
        await bench.CheckAliveAsync();
        bench.Server.Signal(signal);
        (await bench.Server.ExitAsync()).Should().Be(0, "of {0}", bench.Server.Output);
    }

    [Theory(DisplayName = "196 SIGTERM: what is in flight finishes, new connections are refused, exit 0")]
    [InlineData("/v1/models/slow:predict", Body)]
    [InlineData("/v2/models/slow/infer", """{"id":"1","inputs":[{"name":"a","shape":[1],"datatype":"FP32","data":[1]}]}""")]
    public async Task SigTerm_InFlight_Drains(string target, string body)
    {
        using CancellationTokenSource deadline = Deadline.Start();
        await using Bench bench = await Bench.StartAsync();
        await bench.CheckAsync(Post("/v2/repository/models/nr/unload"), Expect.Status(200));
        await using HttpConnection probe = await HttpConnection.OpenAsync(bench.Server.HttpPort, deadline.Token);
        Expect.Status(200).Check(Get("/v2/health/ready"), await probe.SendAsync(Get("/v2/health/ready"), deadline.Token));

        // The 100 tells that the server has taken the request up.
        await using HttpConnection slow = await HttpConnection.OpenAsync(bench.Server.HttpPort, deadline.Token);
        HttpRequestText request = PostJson(target, body).With("Expect", "100-continue");
        await slow.WriteAsync(request.Head(slow.Host), deadline.Token);
        (await slow.ReadAsync("POST", deadline.Token)).Status.Should().Be(100);
        await slow.WriteAsync(request.FramedBody(), deadline.Token);
        Task<HttpAnswer> answering = slow.ReadAsync("POST", deadline.Token);

        bench.Server.Signal(ServerProcess.SigTerm);
        bool refused = await Ports.UntilAsync(bench.Server.HttpPort, open: false, () => bench.Server.HasExited, deadline.Token);
        refused.Should().BeTrue("the listener closes while the server drains");
        bench.Server.HasExited.Should().BeFalse("a request is in flight");
        await CheckNotReadyAsync(probe, deadline.Token);

        Expect.Status(200).Check(request, await answering);
        (await bench.Server.ExitAsync()).Should().Be(0, "of {0}", bench.Server.Output);
    }

    [Fact(DisplayName = "196 SIGTERM: a gRPC call in flight finishes")]
    public async Task SigTerm_GrpcInFlight_Drains()
    {
        using CancellationTokenSource deadline = Deadline.Start();
        await using Bench bench = await Bench.StartAsync();
        PushContent content = new();
        content.Push(GrpcFrame.Wrap(InferMessage.Request("echo", "1", [InferTensor.Fp32("a", [1], 1f)])));
        using HttpResponseMessage stream = await bench.Grpc.OpenAsync(
            $"/{GrpcCaller.Service}/ModelStreamInfer", content, deadline.Token);
        await using Stream body = await stream.Content.ReadAsStreamAsync(deadline.Token);
        byte[] head = new byte[5];
        await body.ReadExactlyAsync(head, deadline.Token);

        // The stream's next request is the one in flight: what follows it in the connection shows that it was taken up.
        content.Push(GrpcFrame.Wrap(InferMessage.Request("slow", "2", [InferTensor.Fp32("a", [1], 1f)])));
        content.Finish();
        (await bench.Grpc.CallAsync("ServerLive", [])).Status.Should().Be(0);
        bench.Server.Signal(ServerProcess.SigTerm);
        using MemoryStream rest = new();
        await body.CopyToAsync(rest, deadline.Token);
        stream.TrailingHeaders.GetValues("grpc-status").Should().Equal(["0"], "of {0}", bench.Server.Output);
        (await bench.Server.ExitAsync()).Should().Be(0, "of {0}", bench.Server.Output);
    }

    [Fact(DisplayName = "7.2 the latency line")]
    public async Task LatencyLogging_OnByDefault_WritesTheLine()
    {
        await using Bench bench = await Bench.StartAsync();
        await bench.CheckAsync(PostJson("/v1/models/invalid-input:predict", Body).With("X-Request-Id", "rid-failed"), Expect.Status(400));
        await bench.CheckAsync(PostJson(Predict, Body).With("X-Request-Id", "rid-7"), Expect.Status(200));
        string line = await bench.Server.UntilErrorLineAsync(l => l.Contains("requestId: rid-7,", StringComparison.Ordinal));
        line.Should().MatchRegex(
            @"requestId: rid-7, preprocess_ms: \d+(\.\d{1,9})?, explain_ms: 0, predict_ms: \d+(\.\d{1,9})?, postprocess_ms: \d+(\.\d{1,9})?\s*$");
        line.Should().MatchRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \d+ kserve\.trace requestId");
        await bench.CheckAsync(PostJson(Predict, Body), Expect.Status(200));
        await bench.Server.UntilErrorLineAsync(l => l.Contains("requestId: N.A.,", StringComparison.Ordinal));
        bench.Server.Errors.Should().NotContain("requestId: rid-failed, preprocess_ms", "the line is written on success only");
        await bench.CheckAsync(PostJson("/v1/models/echo:explain", Body).With("X-Request-Id", "rid-x"), Expect.Status(200));
        (await bench.Server.UntilErrorLineAsync(l => l.Contains("requestId: rid-x,", StringComparison.Ordinal)))
            .Should().MatchRegex(@"explain_ms: \d+(\.\d{1,9})?, predict_ms: 0, ");
    }

    [Fact(DisplayName = "7.2 no latency line when it is switched off")]
    public async Task LatencyLogging_Off_WritesNone()
    {
        await using Bench bench = await Bench.StartAsync("--enable_latency_logging", "false");
        await bench.CheckAsync(PostJson(Predict, Body).With("X-Request-Id", "rid-7"), Expect.Status(200));
        bench.Server.Signal(ServerProcess.SigTerm);
        await bench.Server.ExitAsync();
        bench.Server.Output.Should().NotContain("preprocess_ms");
    }

    [Fact(DisplayName = "58 what is not told to the caller is told to the log")]
    public async Task OtherError_Log_HasTheException()
    {
        await using Bench bench = await Bench.StartAsync();
        await bench.CheckAsync(PostJson("/v1/models/other-error:predict", Body).With("X-Request-Id", "rid-58"), Expect.ErrorWith(500, "rid-58"));
        await bench.Server.UntilErrorLineAsync(l => l.Contains("Exception", StringComparison.Ordinal));
        bench.Server.Errors.Should().Contain("rid-58");
    }

    [Fact(DisplayName = "200 metrics after one predict")]
    public async Task Metrics_AfterPredict_CountTheStages()
    {
        await using Bench bench = await Bench.StartAsync();
        (await bench.GetAsync("/metrics")).Text.Should().NotContain("model_name=\"echo\"", "what was not used has no series");
        await bench.CheckAsync(PostJson(Predict, Body), Expect.Status(200));
        string text = (await bench.GetAsync("/metrics")).Text;
        foreach (string stage in new[] { "preprocess", "predict", "postprocess" })
        {
            Sample(text, $"request_{stage}_seconds_count{{model_name=\"echo\"}}").Should().Be(1);
            Sample(text, $"request_{stage}_seconds_sum{{model_name=\"echo\"}}").Should().BeGreaterThanOrEqualTo(0);
            string help = stage switch { "predict" => "predict", "preprocess" => "pre-process", _ => "post-process" };
            text.Should().Contain($"# HELP request_{stage}_seconds {help} request latency\n# TYPE request_{stage}_seconds histogram\n");
            Regex.Matches(text, $"^request_{stage}_seconds_bucket{{le=\"([^\"]+)\",model_name=\"echo\"}} ", RegexOptions.Multiline)
                .Select(m => m.Groups[1].Value).Should().Equal(
                    "0.005", "0.01", "0.025", "0.05", "0.075", "0.1", "0.25", "0.5", "0.75", "1.0", "2.5", "5.0", "7.5", "10.0", "+Inf");
        }

        text.Should().NotContain("request_explain_seconds_count{");
        await bench.CheckAsync(PostJson("/v1/models/echo:explain", Body), Expect.Status(200));
        await bench.CheckAsync(PostJson("/v1/models/invalid-input:predict", Body), Expect.Status(400));
        text = (await bench.GetAsync("/metrics")).Text;
        Sample(text, "request_explain_seconds_count{model_name=\"echo\"}").Should().Be(1);
        Sample(text, "request_predict_seconds_count{model_name=\"echo\"}").Should().Be(1);
        Sample(text, "request_preprocess_seconds_count{model_name=\"invalid-input\"}").Should().Be(1, "a hook that throws took time as well");

        await bench.Grpc.CallAsync("ModelInfer", InferMessage.Request("echo", "1", [InferTensor.Fp32("a", [1], 1f)]));
        text = (await bench.GetAsync("/metrics")).Text;
        Sample(text, "request_predict_seconds_count{model_name=\"echo\"}").Should().Be(2, "gRPC counts as well");
    }

    [Fact(DisplayName = "3.1 keep-alive ends after the time given")]
    public async Task KeepAlive_Over_ClosesTheConnection()
    {
        await using Bench bench = await Bench.StartAsync("--timeout-keep-alive", "1");
        using CancellationTokenSource deadline = Deadline.Start();
        await using HttpConnection connection = await HttpConnection.OpenAsync(bench.Server.HttpPort, deadline.Token);
        Expect.Status(200).Check(Get("/"), await connection.SendAsync(Get("/"), deadline.Token));
        (await connection.ReadToEndAsync(deadline.Token)).Should().BeEmpty();
    }

    private static double Sample(string text, string series)
    {
        string line = text.Split('\n').Single(l => l.StartsWith(series + " ", StringComparison.Ordinal));
        return double.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture);
    }

    /// <summary>On a connection from before the signal: not ready is said, or nothing; never ready.</summary>
    private static async Task CheckNotReadyAsync(HttpConnection probe, CancellationToken cancel)
    {
        try
        {
            HttpAnswer answer = await probe.SendAsync(Get("/v2/health/ready"), cancel);
            answer.Status.Should().Be(503, "of {0}", answer);
        }
        catch (IOException)
        {
            // The server closed the idle connection.
        }
    }
}
