using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving;

public sealed class LifecycleTests
{
    private const string Ask = """{"instances":[[1.5]]}""";

    [Fact]
    public async Task Overload_QueueIsFull_Is503WithRetryAfterAndGaugesTell()
    {
        var release = new TaskCompletionSource();
        await using ScriptedPredictor predictor = new ScriptedPredictor().Always(PredictorStep.Answer(Tensor.Create("y", [1f])).Until(release.Task));
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor, "--max_concurrent_requests=1", "--max_queued_requests=1");

        Task<HttpResponseMessage> working = host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(Ask));
        await predictor.WaitForCallsAsync(1);
        Task<HttpResponseMessage> queued = host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(Ask));
        await WaitForMetricAsync(host, "sidecar_requests_queued 1.0");
        using HttpResponseMessage refused = await host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(Ask));

        refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(1));
        (await host.Http.GetStringAsync("/metrics")).Should().Contain("sidecar_requests_in_flight 1.0");
        release.SetResult();
        (await working).StatusCode.Should().Be(HttpStatusCode.OK);
        (await queued).StatusCode.Should().Be(HttpStatusCode.OK);
        await WaitForMetricAsync(host, "sidecar_requests_in_flight 0.0");
        (await host.Http.GetStringAsync("/metrics")).Should().Contain("sidecar_requests_queued 0.0");
    }

    [Fact]
    public async Task Stop_RequestInFlight_IsFinishedAndReadinessTurnsFirst()
    {
        var release = new TaskCompletionSource();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using ScriptedPredictor predictor = new ScriptedPredictor().Always(PredictorStep.Answer(Tensor.Create("y", [1f])).Until(release.Task));
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(
            b => b.Services.AddSingleton<TimeProvider>(time).AddModel<Proxy>(b), predictor, "--drain_delay_seconds=5");
        Task<HttpResponseMessage> asking = host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(Ask));
        await predictor.WaitForCallsAsync(1);

        Task stopping = host.StopAsync();
        using HttpResponseMessage ready = await host.Http.GetAsync("/v2/health/ready");
        using HttpResponseMessage live = await host.Http.GetAsync("/v2/health/live");
        ready.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        live.StatusCode.Should().Be(HttpStatusCode.OK);
        stopping.IsCompleted.Should().BeFalse();

        time.Advance(TimeSpan.FromSeconds(6));
        release.SetResult();
        (await asking).StatusCode.Should().Be(HttpStatusCode.OK);
        await stopping;
        host.AssertNoErrors();
    }

    [Theory]
    [InlineData(PredictorProtocol.V1, "GET /", "GET /v1/models/model")]
    [InlineData(PredictorProtocol.V2, "GET /v2/health/ready", "GET /v2/models/model/ready")]
    [InlineData(PredictorProtocol.GrpcV2, "ServerReady", "ModelReady model")]
    public async Task HealthCheck_PredictorChangesItsMind_ProbesTellSoAtOnce(PredictorProtocol protocol, string server, string model)
    {
        await using ScriptedPredictor predictor = await new ScriptedPredictor(protocol).ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor, "--enable_predictor_health_check");

        (await StatusAsync(host, "/v2/health/ready")).Should().Be(200);
        (await StatusAsync(host, "/v2/models/model/ready")).Should().Be(200);
        predictor.ServerReady = predictor.ModelReady = false;
        (await StatusAsync(host, "/v2/health/ready")).Should().Be(503);
        (await StatusAsync(host, "/v1/models/model")).Should().Be(503);
        (await StatusAsync(host, "/")).Should().Be(200, "liveness never asks the predictor");

        predictor.Probes.Should().Equal(server, model, server, model);
    }

    [Fact]
    public async Task HealthCheck_PredictorIsGone_Is503()
    {
        var predictor = new ScriptedPredictor(PredictorProtocol.V2);
        await predictor.ServeAsync();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(predictor, "--enable_predictor_health_check");
        await predictor.DisposeAsync();

        (await StatusAsync(host, "/v2/health/ready")).Should().Be(503);
        (await StatusAsync(host, "/v2/health/live")).Should().Be(200);
    }

    [Fact]
    public async Task Names_SeveralModelsAndAliases_AreAllServed()
    {
        await using ScriptedPredictor predictor = new ScriptedPredictor(PredictorProtocol.V2).Always(Tensor.Create("y", [1f]));
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(
            static b => b.Sidecar.AddModel<Proxy>("a", "b", "c").AddModel<Constant>("d"), predictor);

        (await host.Http.GetStringAsync("/v1/models")).Should().Be("""{"models":["a","b","c","d"]}""");
        foreach (string name in (string[])["a", "b", "c"])
        {
            using HttpResponseMessage answer = await host.Http.PostAsync($"/v1/models/{name}:predict", TestCalls.Json(Ask));
            (await answer.Content.ReadAsStringAsync()).Should().Be("""{"predictions":[1.0]}""");
        }

        using HttpResponseMessage constant = await host.Http.PostAsync("/v1/models/d:predict", TestCalls.Json(Ask));
        (await constant.Content.ReadAsStringAsync()).Should().Be("""{"predictions":[7.0]}""");
        predictor.Calls.Should().HaveCount(3);
        using HttpResponseMessage unknown = await host.Http.PostAsync("/v1/models/e:predict", TestCalls.Json(Ask));
        unknown.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Repository_UnloadAndLoad_TakesTheModelAwayAndBringsItBack()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(static b => b.Sidecar.AddModel<Constant>("a").AddModel<Constant>("d"));

        (await PostStatusAsync(host, "/v2/repository/models/a/unload")).Should().Be(200);
        (await PostStatusAsync(host, "/v1/models/a:predict")).Should().Be(404);
        (await PostStatusAsync(host, "/v1/models/d:predict")).Should().Be(200);
        (await PostStatusAsync(host, "/v2/repository/models/a/unload")).Should().Be(404);
        (await PostStatusAsync(host, "/v2/repository/models/a/load")).Should().Be(200);
        (await PostStatusAsync(host, "/v1/models/a:predict")).Should().Be(200);
        (await PostStatusAsync(host, "/v2/repository/models/zz/load")).Should().Be(503);
    }

    [Fact]
    public async Task MapSidecar_InAnApplicationOfOnesOwn_ServesBesideItsEndpoints()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSidecar(builder.Configuration).AddModel<Constant>("seven");
        await using WebApplication app = builder.Build();
        app.MapGet("/mine", static () => "mine");
        app.MapSidecar();
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        (await http.GetStringAsync("/mine")).Should().Be("mine");
        using HttpResponseMessage answer = await http.PostAsync("/v1/models/seven:predict", TestCalls.Json(Ask));
        (await answer.Content.ReadAsStringAsync()).Should().Be("""{"predictions":[7.0]}""");
        (await http.GetAsync("/unknown")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task MapSidecar_WithoutAddSidecar_SaysWhichLineToAdd()
    {
        await using WebApplication app = WebApplication.CreateSlimBuilder().Build();

        Action mapping = () => app.MapSidecar();

        mapping.Should().Throw<InvalidOperationException>().WithMessage("*AddSidecar(builder.Configuration)*");
    }

    [Fact]
    public async Task TestHost_WrongFlag_ThrowsWhatIsWrong()
    {
        Func<Task> start = () => SidecarTestHost.StartAsync<Constant>(null, "--max_json_depth=zero");

        await start.Should().ThrowAsync<SidecarConfigurationException>().WithMessage("*max_json_depth*");
    }

    [Fact]
    public async Task TestHost_HookThrows_AssertNoErrorsRepeatsIt()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Throwing>();

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json(Ask));

        answer.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        (await answer.ErrorAsync()).Should().NotContain("secret detail");
        host.Invoking(static h => h.AssertNoErrors()).Should().Throw<InvalidOperationException>().WithMessage("*secret detail*");
    }

    private static async Task<int> StatusAsync(SidecarTestHost host, string path)
    {
        using HttpResponseMessage answer = await host.Http.GetAsync(path);
        return (int)answer.StatusCode;
    }

    private static async Task<int> PostStatusAsync(SidecarTestHost host, string path)
    {
        using HttpResponseMessage answer = await host.Http.PostAsync(path, TestCalls.Json(Ask));
        return (int)answer.StatusCode;
    }

    /// <summary>Asks again and again: the gauge changes when the other request gets that far.</summary>
    internal static async Task WaitForMetricAsync(SidecarTestHost host, string line)
    {
        while (!(await host.Http.GetStringAsync("/metrics")).Contains(line, StringComparison.Ordinal))
        {
            await Task.Yield();
        }
    }

    public sealed class Throwing : Model
    {
        protected override InferRequest Preprocess(InferRequest request, InferenceContext context) =>
            throw new InvalidOperationException("secret detail");
    }
}
