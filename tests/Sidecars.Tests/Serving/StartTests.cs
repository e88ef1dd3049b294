using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving;

public sealed class StartTests
{
    [Fact]
    public async Task Run_TwoModelsOfOneName_EndsWithOneAndNoException()
    {
        int code = await SidecarApplication.RunAsync(
            ["--http_port=0", "--grpc_port=0"], static sidecar => sidecar.AddModel<Constant>("same").AddModel<Constant>("same"));

        code.Should().Be(1);
    }

    [Fact]
    public async Task Run_ModelThatCannotBeMade_EndsWithOneAndNoException()
    {
        int code = await SidecarApplication.RunAsync(
            ["--http_port=0", "--grpc_port=0"], static sidecar => sidecar.AddModel(static _ => throw new SidecarConfigurationException("no file")));

        code.Should().Be(1);
    }

    /// <summary>A caller of HTTP/1.0 need not name the host, so there is none to redirect to.</summary>
    [Theory]
    [InlineData("", "location: /v1/models\r\n")]
    [InlineData("Host: there:81\r\n", "location: http://there:81/v1/models\r\n")]
    public async Task Redirect_WithAndWithoutHost_LeadsToThePathWithoutTheSlash(string headers, string expected)
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Constant>();
        using var client = new TcpClient("127.0.0.1", host.RestAddress.Port);
        NetworkStream stream = client.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /v1/models/ HTTP/1.0\r\n{headers}\r\n"));
        using var reader = new StreamReader(stream);
        string answer = await reader.ReadToEndAsync();

        answer.Should().Contain(" 307 ");
        answer.ToLowerInvariant().Should().Contain(expected);
        host.AssertNoErrors();
    }

    [Fact]
    public async Task Load_ModelWhoseStopLeavesItReady_IsLoadedAnew()
    {
        var model = new Counting();
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(b => b.Sidecar.AddModel(_ => model, "a", "b"));

        await PostAsync(host, "/v2/repository/models/a/unload");
        await PostAsync(host, "/v2/repository/models/a/load");
        model.Told.Should().Equal("load");
        await PostAsync(host, "/v2/repository/models/a/unload");
        await PostAsync(host, "/v2/repository/models/b/unload");
        await PostAsync(host, "/v2/repository/models/b/load");

        model.Told.Should().Equal("load", "stop", "load");
    }

    /// <summary>A request that outlives the grace period is given up; the process ends as it was told to.</summary>
    [Fact]
    public async Task Stop_RequestLongerThanTheGracePeriod_EndsWithZeroAndStopsTheModel()
    {
        var model = new Endless();
        SidecarApplicationBuilder builder = SidecarApplication.CreateBuilder(
            ["--http_port=0", "--grpc_port=0", "--grace_period_seconds=0.2", "--configure_logging=false"]);
        builder.Logging.ClearProviders();
        builder.Sidecar.AddModel(_ => model);
        using var stop = new CancellationTokenSource();
        await using SidecarApplication app = builder.Build();
        Task<int> running = app.RunAsync(stop.Token);
        await model.Loaded.Task;
        while (app.Web.Urls.All(static u => new Uri(u).Port == 0))
        {
            await Task.Yield();
        }

        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{new Uri(app.Web.Urls.First()).Port}") };
        Task<HttpResponseMessage> asking = http.PostAsync(TestCalls.V1Predict, TestCalls.Json("""{"instances":[[1]]}"""));
        await model.Asked.Task;
        await stop.CancelAsync();

        (await running.WaitAsync(TimeSpan.FromSeconds(60))).Should().Be(0);
        model.Stopped.Should().BeTrue();
        await asking.Invoking(static a => a).Should().ThrowAsync<HttpRequestException>();
        model.Answer.SetResult();
    }

    /// <summary>What is asked beside inferences fails in the protocol's form too, and tells nothing of what is inside.</summary>
    [Fact]
    public async Task Ready_PredictorThrowsWhatItLikes_IsAnErrorInTheProtocolsForm()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Constant>(new Broken(), "--enable_predictor_health_check");

        using HttpResponseMessage answer = await host.Http.GetAsync("/v2/health/ready");

        ((int)answer.StatusCode).Should().Be(500);
        (await answer.ErrorAsync()).Should().StartWith("Internal server error. Request id: ");
        host.Logs.Should().ContainSingle(static l => l.Level == LogLevel.Error)
            .Which.Exception!.Message.Should().Be("secret detail");
    }

    private static async Task PostAsync(SidecarTestHost host, string path)
    {
        using HttpResponseMessage answer = await host.Http.PostAsync(path, null);
        answer.IsSuccessStatusCode.Should().BeTrue(path);
    }

    private sealed class Counting : Model
    {
        public List<string> Told { get; } = [];

        protected internal override ValueTask LoadAsync(CancellationToken cancellation)
        {
            Told.Add("load");
            Ready = true;
            return ValueTask.CompletedTask;
        }

        protected internal override ValueTask StopAsync(CancellationToken cancellation)
        {
            Told.Add("stop");
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Endless : Model
    {
        public TaskCompletionSource Loaded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Stopped { get; private set; }

        protected internal override ValueTask LoadAsync(CancellationToken cancellation)
        {
            Loaded.SetResult();
            return base.LoadAsync(cancellation);
        }

        protected internal override async ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context)
        {
            Asked.SetResult();
            await Answer.Task;
            return InferResponse.FromTensors(Tensor.Create("y", [1f]));
        }

        protected internal override ValueTask StopAsync(CancellationToken cancellation)
        {
            Stopped = true;
            return base.StopAsync(cancellation);
        }
    }

    /// <summary>A predictor of somebody's own, which keeps to no list of errors.</summary>
    private sealed class Broken : IPredictor
    {
        public ValueTask<InferResponse> InferAsync(InferRequest request, PredictorCall call, CancellationToken cancellation = default) =>
            throw new InvalidOperationException("secret detail");

        public ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation = default) => throw new InvalidOperationException("secret detail");

        public ValueTask<bool> IsModelReadyAsync(string modelName, CancellationToken cancellation = default) =>
            throw new InvalidOperationException("secret detail");

        public ValueTask<ModelMetadata?> GetModelMetadataAsync(string modelName, CancellationToken cancellation = default) =>
            throw new InvalidOperationException("secret detail");
    }
}
