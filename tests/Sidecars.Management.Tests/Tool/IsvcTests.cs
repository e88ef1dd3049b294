using System.Text.Json.Nodes;
using Sidecars.Management.Tests.Client;
using Sidecars.Management.Tests.Cluster;
using Sidecars.Management.Tests.Manifest;

namespace Sidecars.Management.Tests.Tool;

public sealed class IsvcTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sidecars-tool-").FullName;
    private ScriptedApiServer _server = null!;

    private string Kubeconfig => Path.Combine(_folder, "config");

    public async Task InitializeAsync()
    {
        _server = await ScriptedApiServer.StartAsync();
        await File.WriteAllTextAsync(Kubeconfig, $$"""
            apiVersion: v1
            kind: Config
            current-context: dev
            clusters: [{name: c, cluster: {server: "{{_server.Address}}"} }]
            users: [{name: u, user: {token: t} }]
            contexts: [{name: dev, context: {cluster: c, user: u, namespace: team} }]
            """);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Render_WithoutAModel_IsWrittenAndSaysWhatIsMissing()
    {
        ToolRun run = await ToolRun.OfAsync("isvc", "render", "churn");

        run.Code.Should().Be(0);
        run.Out.Should().StartWith("apiVersion: serving.kserve.io/v1beta1\n").And.NotContain("storageUri");
        run.Error.Should().Be("churn: nothing says where the model lies; add --storage-uri, or --predictor-image for one that brings it along.\n");
    }

    [Fact]
    public async Task Render_TransformerAndExplainer_WritesTheWholeManifest()
    {
        ToolRun run = await ToolRun.OfAsync(
            "isvc", "render", "churn", "-n", "team", "--mode", "standard", "--storage-uri", "s3://models/churn", "--protocol", "v2",
            "--transformer-image", "acme/churn:1", "--transformer-arg", "--max_queued_requests=5", "--grpc",
            "--explainer-image", "acme/why:1", "--explainer-storage-uri", "s3://models/why", "--min-replicas", "1", "--max-replicas", "3",
            "--timeout", "30");

        run.Error.Should().BeEmpty();
        run.Code.Should().Be(0);
        run.Out.Should().Be("""
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata:
              annotations:
                serving.kserve.io/deploymentMode: Standard
              name: churn
              namespace: team
            spec:
              predictor:
                model:
                  modelFormat:
                    name: sklearn
                  protocolVersion: v2
                  storageUri: s3://models/churn
                minReplicas: 1
                maxReplicas: 3
                timeout: 30
              transformer:
                containers:
                - name: kserve-container
                  image: acme/churn:1
                  args:
                  - --predictor_protocol=v2
                  - --max_queued_requests=5
                  env:
                  - name: PROTOCOL
                    value: grpc-v2
                  ports:
                  - name: h2c
                    containerPort: 8081
                    protocol: TCP
                minReplicas: 1
                maxReplicas: 3
                timeout: 30
              explainer:
                containers:
                - name: kserve-container
                  image: acme/why:1
                  args:
                  - --predictor_protocol=v2
                minReplicas: 1
                maxReplicas: 3
                timeout: 30
                storageUris:
                - uri: s3://models/why

            """);
    }

    [Theory]
    [InlineData("v1", null)]
    [InlineData("v2", "v2")]
    [InlineData("grpc-v2", "v2")]
    public async Task Render_TransformerBeforeAPredictor_SaysWhatCallersSpeak(string protocol, string? spoken)
    {
        ToolRun run = await ToolRun.OfAsync("isvc", "render", "churn", "--storage-uri", "s3://m", "--protocol", protocol, "--transformer-image", "a:1");

        run.Code.Should().Be(0, run.Error);
        InferenceService.ParseAll(run.Out).Single().Spec.Transformer!.Containers![0].Env?.Single(e => e.Name == "PROTOCOL").Value.Should().Be(spoken);
    }

    [CrdFact]
    public async Task Render_EveryOption_IsValidByKServesSchema()
    {
        ToolRun run = await ToolRun.OfAsync(
            "isvc", "render", "churn", "--mode", "knative", "--model-format", "onnx", "--storage-uri", "s3://m", "--protocol", "grpc-v2",
            "--runtime", "kserve-tritonserver", "--transformer-image", "a:1", "--grpc", "--explainer-image", "b:1", "--explainer-arg", "--x=1",
            "--min-replicas", "0", "--max-replicas", "3", "--scale-metric", "rps", "--scale-target", "50", "--timeout", "9",
            "--service-account", "models", "-o", "json");

        run.Code.Should().Be(0, run.Error);
        (await CustomResourceSchema.ValidateAsync(run.Out)).Should().BeEmpty();
    }

    [Fact]
    public async Task Render_BreaksARule_SaysWhichAndWritesNothing()
    {
        ToolRun run = await ToolRun.OfAsync("isvc", "render", "Churn", "--min-replicas", "3", "--max-replicas", "2");

        run.Code.Should().Be(1);
        run.Out.Should().BeEmpty();
        run.Error.Should().Contain("'Churn' is no name").And.Contain("minReplicas (3) is more than maxReplicas (2)");
    }

    [Theory]
    [InlineData("isvc", "render")]
    [InlineData("isvc", "apply", "-f", "/nowhere/at/all.yaml")]
    [InlineData("isvc", "canary", "churn", "many")]
    [InlineData("isvc", "render", "churn", "--mode", "serverless")]
    [InlineData("nonsense")]
    public async Task Run_WhatMakesNoSense_FailsWithAReason(params string[] args)
    {
        ToolRun run = await ToolRun.OfAsync(args);

        run.Code.Should().Be(1);
        run.Error.Should().NotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task Apply_ManifestsFromStandardInput_CreatesAndThenChanges()
    {
        InferenceService service = Services.Churn();
        string two = service.ToYaml() + "---\n" + Services.Churn("other").ToYaml();
        (await RunAsync(two, "isvc", "apply", "-f", "-")).Error.Should().Be("churn in team: generation 1\nother in team: generation 1\n");

        service.Spec.Predictor!.MaxReplicas = 9;
        (await RunAsync(service.ToYaml(), "isvc", "apply", "-f", "-")).Error.Should().Be("churn in team: generation 2\n");

        _server.Store.Get("inferenceservices", "team", "churn")["spec"]!["predictor"]!["maxReplicas"]!.GetValue<long>().Should().Be(9);
    }

    [Fact]
    public async Task Apply_AndWait_TellsProgressAndTheAddress()
    {
        string file = Path.Combine(_folder, "churn.yaml");
        await File.WriteAllTextAsync(file, Services.Churn().ToYaml());
        Task<ToolRun> running = RunAsync("", "isvc", "apply", "-f", file, "--wait");
        await _server.Watches.OpenedAsync(1);
        _server.Store.SetStatus("team", "churn", Services.Waiting());
        _server.Store.SetStatus("team", "churn", Services.Ready());

        ToolRun run = await running;
        run.Code.Should().Be(0, run.Error);
        run.Out.Should().Be("http://churn.team.example.com\n");
        run.Error.Split('\n').Select(l => l.Length > 8 ? l[8..] : l).Should().ContainInOrder(
            "not reported on yet", "not ready: PredictorReady is False, RevisionMissing: Configuration has no revision");
    }

    [Fact]
    public async Task Wait_NoKServe_SaysSo()
    {
        _server.KServeInstalled = false;

        ToolRun run = await RunAsync("", "isvc", "wait", "churn");

        run.Code.Should().Be(1);
        run.Error.Should().Contain("KServe is not installed");
    }

    [Fact]
    public async Task CanaryPromoteBackDelete_OneAfterTheOther_DoWhatTheySay()
    {
        using KServeClient client = _server.Client();
        await client.CreateAsync(Services.Churn());
        JsonObject status = Services.Ready();
        status["components"] = JsonNode.Parse(
            """{"predictor":{"latestCreatedRevision":"a","latestReadyRevision":"a","latestRolledoutRevision":"a"}}""");
        _server.Store.SetStatus("team", "churn", status);

        ToolRun canary = await RunAsync("", "isvc", "canary", "churn", "10", "--storage-uri", "s3://models/churn/2");
        canary.Error.Should().Be("churn: the new version of its predictor gets 10 % (generation 2)\n");
        (await RunAsync("", "isvc", "promote", "churn", "--back")).Error.Should().Be("churn: the canary gets no requests (generation 3)\n");
        (await RunAsync("", "isvc", "promote", "churn")).Error.Should().Contain("its newest spec has not been looked at yet");
        status["observedGeneration"] = 3;
        _server.Store.SetStatus("team", "churn", status);
        (await RunAsync("", "isvc", "promote", "churn")).Error.Should().Be("churn: the new version gets all requests (generation 4)\n");
        (await client.GetAsync("churn")).Spec.Predictor!.Model!.StorageUri.Should().Be("s3://models/churn/2");

        (await RunAsync("", "isvc", "delete", "churn")).Should().Be(new ToolRun(0, "", "churn is deleted.\n"));
        (await RunAsync("", "isvc", "delete", "churn")).Code.Should().Be(1);
        (await RunAsync("", "isvc", "delete", "churn", "--ignore-not-found")).Code.Should().Be(0);
    }

    private Task<ToolRun> RunAsync(string input, params string[] args) => ToolRun.WithInputAsync(input, [.. args, "--kubeconfig", Kubeconfig]);
}
