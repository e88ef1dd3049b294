using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;
using static Sidecars.EndToEnd.Wire.HttpRequestText;

namespace Sidecars.EndToEnd.Cases;

/// <summary>Contract section D, second part: predictors that are absent, slow, endless, flaky, secured or oddly named.</summary>
public sealed class PredictorFailureCases
{
    private const string Proxy = "/v1/models/proxy:predict";

    private const string Body = """{"instances":[1]}""";

    [Fact(DisplayName = "68 no predictor_host")]
    public async Task NoPredictor_Predict_Is501()
    {
        await using Bench bench = await Bench.StartAsync();
        await bench.CheckAsync(PostJson(Proxy, Body), Expect.Error(501, "Could not find predictor_host."));
        await bench.CheckAsync(
            PostJson("/v2/models/proxy/infer", """{"inputs":[{"name":"a","shape":[1],"datatype":"FP32","data":[1]}]}"""),
            Expect.Error(501, "Could not find predictor_host."));
        GrpcAnswer answer = await bench.Grpc.CallAsync("ModelInfer", InferMessage.Request("proxy", "1", [InferTensor.Fp32("a", [1], 1f)]));
        answer.Status.Should().Be(12, "of {0}", answer);
        answer.Message.Should().Be("Could not find predictor_host.");
    }

    [Theory(DisplayName = "153 a predictor that refuses connections is 503")]
    [InlineData("v1")]
    [InlineData("v2")]
    [InlineData("grpc-v2")]
    public async Task PredictorDown_Predict_Is503(string protocol)
    {
        await using Bench bench = await Bench.StartAsync("--predictor_host", $"127.0.0.1:{Ports.Free()}", "--predictor_protocol", protocol);
        await bench.CheckAsync(PostJson(Proxy, Body), Expect.ErrorWith(503));
        await bench.CheckAsync(
            PostJson("/v2/models/proxy/infer", """{"inputs":[{"name":"a","shape":[1],"datatype":"FP32","data":[1]}]}"""), Expect.ErrorWith(503));
        GrpcAnswer answer = await bench.Grpc.CallAsync("ModelInfer", InferMessage.Request("proxy", "1", [InferTensor.Fp32("a", [1], 1f)]));
        answer.Status.Should().Be(14, "of {0}", answer);
        await bench.CheckAliveAsync();
    }

    [Fact(DisplayName = "158 a predictor that hangs is 504, and the error names the hop and the limit")]
    public async Task PredictorHangs_Predict_Is504()
    {
        await using StubPredictor stub = StubPredictor.Start();
        stub.Infer(StubAnswers.Hang);
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--predictor_request_timeout_seconds", "1");
        HttpAnswer answer = await bench.CheckAsync(PostJson(Proxy, Body), Expect.ErrorWith(504, "1"));
        answer.Error()!.ToLowerInvariant().Should().Contain("predictor");
        GrpcAnswer grpc = await bench.Grpc.CallAsync("ModelInfer", InferMessage.Request("proxy", "1", [InferTensor.Fp32("a", [1], 1f)]));
        grpc.Status.Should().Be(4, "of {0}", grpc);
        stub.Reset();
        await bench.CheckAsync(PostJson(Proxy, Body), Expect.OkJson(StubPredictor.V1Answer));
    }

    [Fact(DisplayName = "158 the limit holds for the whole answer, not for each read")]
    public async Task PredictorDrips_Predict_Is504()
    {
        await using StubPredictor stub = StubPredictor.Start();
        stub.Infer(async (stream, stopped) =>
        {
            await stream.WriteAsync(StubAnswers.Head(200, ["Content-Type: application/json", "Content-Length: 1000000"]), stopped);
            using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
            while (await timer.WaitForNextTickAsync(stopped))
            {
                await stream.WriteAsync(" "u8.ToArray(), stopped);
            }

            return false;
        });
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--predictor_request_timeout_seconds", "1");
        await bench.CheckAsync(PostJson(Proxy, Body), Expect.ErrorWith(504));
    }

    [Fact(DisplayName = "5 a predictor whose answer never ends does not fill the memory")]
    public async Task PredictorEndless_Predict_IsAnErrorAndBounded()
    {
        await using StubPredictor stub = StubPredictor.Start();
        stub.Infer(StubAnswers.Endless(3L << 30));
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--predictor_request_timeout_seconds", "5");
        await bench.CheckAsync(PostJson(Proxy, Body), Expect.AnyError(502, 504));
        bench.Server.Memory("VmHWM").Should().BeLessThan(1_500_000, "KiB is too much for an answer nobody wants");
        stub.Reset();
        await bench.CheckAliveAsync();
    }

    [Fact(DisplayName = "166 retries are off unless asked for, and then only where nothing was answered")]
    public async Task Retries_AskedFor_RepeatWhat503Says()
    {
        await using StubPredictor stub = StubPredictor.Start();
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--predictor_request_retries", "2");
        StubAnswer busy = StubAnswers.Json(503, """{"error":"busy"}""");
        stub.InferInTurn(busy, busy, StubAnswers.Json(200, StubPredictor.V1Answer));
        await bench.CheckAsync(PostJson(Proxy, Body), Expect.OkJson(StubPredictor.V1Answer));
        stub.Inferences.Should().HaveCount(3);

        stub.Reset();
        stub.Infer(busy);
        await bench.CheckAsync(PostJson(Proxy, Body), Expect.ErrorWith(503, "busy"));
        stub.Inferences.Should().HaveCount(3, "two retries are two more");

        stub.Reset();
        stub.Infer(StubAnswers.Json(500, """{"error":"broken"}"""));
        await bench.CheckAsync(PostJson(Proxy, Body), Expect.ErrorWith(500, "broken"));
        stub.Inferences.Should().ContainSingle("a 500 is not asked again");

        stub.Reset();
        stub.Infer(StubAnswers.Truncated("""{"predictions":["""));
        await bench.CheckAsync(PostJson(Proxy, Body), Expect.ErrorWith(502));
        stub.Inferences.Should().ContainSingle("an answer that began is not asked for again");
    }

    [Theory(DisplayName = "6.4 the predictor's address in the forms people write")]
    [InlineData("127.0.0.1:{0}")]
    [InlineData("localhost:{0}")]
    [InlineData("http://127.0.0.1:{0}")]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("127.0.0.1:{0}/")]
    public async Task PredictorHost_AnyForm_IsUnderstood(string form)
    {
        await using StubPredictor stub = StubPredictor.Start();
        string host = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, stub.Port);
        await using Bench bench = await Bench.StartAsync("--predictor_host=" + host);
        await bench.CheckAsync(PostJson(Proxy, Body), Expect.OkJson(StubPredictor.V1Answer));
        stub.Inferences.Single().Target.Should().Be("/v1/models/proxy:predict");
    }

    [Fact(DisplayName = "6.2 TLS towards the predictor, with the CA bundle of the environment")]
    public async Task PredictorTls_CaBundle_IsTrusted()
    {
        using X509Certificate2 certificate = SelfSigned();
        string bundle = Path.GetTempFileName();
        await File.WriteAllTextAsync(bundle, certificate.ExportCertificatePem());
        try
        {
            await using StubPredictor stub = StubPredictor.Start(certificate);
            string[] arguments = ["--predictor_host", $"localhost:{stub.Port}", "--predictor_use_ssl", "true"];
            await using (Bench trusting = await Bench.StartAsync([("REQUESTS_CA_BUNDLE", bundle)], arguments))
            {
                await trusting.CheckAsync(PostJson(Proxy, Body), Expect.OkJson(StubPredictor.V1Answer));
            }

            stub.Reset();
            await using Bench strict = await Bench.StartAsync(arguments);
            await strict.CheckAsync(PostJson(Proxy, Body), Expect.AnyError(502, 503));
            stub.Inferences.Should().BeEmpty("nothing is said to a server that is not trusted");
        }
        finally
        {
            File.Delete(bundle);
        }
    }

    [Fact(DisplayName = "160 161 162 163 health check on")]
    public async Task HealthCheck_On_AsksThePredictor()
    {
        await using StubPredictor stub = StubPredictor.Start();
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--enable_predictor_health_check", "false");
        await bench.CheckAsync(Post("/v2/repository/models/nr/unload"), Expect.Status(200));

        await bench.CheckAsync(Get("/v2/health/ready"), Expect.Ok("""{"ready":true}"""));
        await bench.CheckAsync(Get("/v1/models/proxy"), Expect.Ok("""{"name":"proxy","ready":true}"""));
        await bench.CheckAsync(Get("/v2/models/proxy/ready"), Expect.Ok("""{"name":"proxy","ready":true}"""));
        await bench.CheckAsync(Get("/v1/models/zzz"), Expect.Error(404, "Model with name zzz does not exist."));
        stub.Requests.Select(r => r.Method + " " + r.Target).Should().Contain("GET /").And.Contain("GET /v1/models/proxy");

        stub.Script(r => StubAnswers.Json(503, """{"error":"Model with name proxy is not ready."}"""));
        await CheckDownAsync(bench);

        await stub.DisposeAsync();
        await CheckDownAsync(bench);
        await bench.CheckAliveAsync();
    }

    [Fact(DisplayName = "160 health check on, V2 predictor")]
    public async Task HealthCheck_V2Predictor_AsksItsReadyRoutes()
    {
        await using StubPredictor stub = StubPredictor.Start();
        await using Bench bench = await Bench.StartAsync(
            "--predictor_host", stub.Host, "--predictor_protocol", "v2", "--enable_predictor_health_check");
        await bench.CheckAsync(Post("/v2/repository/models/nr/unload"), Expect.Status(200));
        await bench.CheckAsync(Get("/v2/health/ready"), Expect.Ok("""{"ready":true}"""));
        await bench.CheckAsync(Get("/v2/models/proxy/ready"), Expect.Ok("""{"name":"proxy","ready":true}"""));
        stub.Requests.Select(r => r.Target).Should().Contain("/v2/health/ready").And.Contain("/v2/models/proxy/ready");
        stub.Script(_ => StubAnswers.Json(503, "{}"));
        await CheckDownAsync(bench);
    }

    [Fact(DisplayName = "160 health check on, gRPC predictor")]
    public async Task HealthCheck_GrpcPredictor_AsksItsCalls()
    {
        await using StubGrpcPredictor stub = await StubGrpcPredictor.StartAsync();
        await using Bench bench = await Bench.StartAsync(
            "--predictor_host", stub.Host, "--predictor_protocol", "grpc-v2", "--enable_predictor_health_check");
        await bench.CheckAsync(Post("/v2/repository/models/nr/unload"), Expect.Status(200));
        await bench.CheckAsync(Get("/v2/health/ready"), Expect.Ok("""{"ready":true}"""));
        await bench.CheckAsync(Get("/v2/models/proxy/ready"), Expect.Ok("""{"name":"proxy","ready":true}"""));
        stub.Script(_ => new StubReply([]));
        await CheckDownAsync(bench);
    }

    [Fact(DisplayName = "6.5 a local model that is not ready stays so, whatever the predictor says")]
    public async Task HealthCheck_LocalNotReady_Is503()
    {
        await using StubPredictor stub = StubPredictor.Start();
        stub.Script(r => r.Method == "GET" ? StubAnswers.Json(200, """{"status":"alive","name":"nr","ready":true}""") : null);
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--enable_predictor_health_check");
        await bench.CheckAsync(Get("/v1/models/nr"), Expect.Error(503, "Model with name nr is not ready."));
        await bench.CheckAsync(Get("/v2/models/nr/ready"), Expect.Error(503, "Model with name nr is not ready."));
        await bench.CheckAsync(Get("/v2/health/ready"), Expect.Error(503, "Server is not ready."));
    }

    /// <summary>Not ready by every way of asking; alive all the same; and inference does not ask first.</summary>
    private static async Task CheckDownAsync(Bench bench)
    {
        await bench.CheckAsync(Get("/v1/models/proxy"), Expect.ErrorWith(503, "Model with name proxy is not ready."));
        await bench.CheckAsync(Get("/v2/models/proxy/ready"), Expect.ErrorWith(503, "Model with name proxy is not ready."));
        await bench.CheckAsync(Get("/v2/health/ready"), Expect.ErrorWith(503));
        await bench.CheckAsync(Get("/"), Expect.Ok("""{"status":"alive"}"""));
        await bench.CheckAsync(Get("/v2/health/live"), Expect.Ok("""{"live":true}"""));
        (await bench.Grpc.CallAsync("ServerLive", [])).Messages.Single().Should().Equal(8, 1);
        ProtoFields ready = new((await bench.Grpc.CallAsync("ServerReady", [])).Messages.Single());
        ready.Flag(1).Should().BeFalse();
        ready = new((await bench.Grpc.CallAsync("ModelReady", new ProtoWriter().Text(1, "proxy").ToArray())).Messages.Single());
        ready.Flag(1).Should().BeFalse();
        await bench.CheckAsync(PostJson("/v1/models/echo:predict", Body), Expect.Ok("""{"predictions":[1]}"""));
    }

    private static X509Certificate2 SelfSigned()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
