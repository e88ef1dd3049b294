using System.Text.Json.Nodes;
using Sidecars.Management.Tests.Cluster;
using static Sidecars.Management.Tests.Client.Services;

namespace Sidecars.Management.Tests.Client;

public sealed class RolloutTests : IAsyncLifetime
{
    private ScriptedApiServer _server = null!;
    private KServeClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await ScriptedApiServer.StartAsync();
        _client = _server.Client();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Canary_Knative_ChangesModelAndShareAtOnce()
    {
        await CreateAsync(DeploymentMode.Knative, RolledOut("churn-00001", "churn-00001", "churn-00001"));

        InferenceService service = await _client.CanaryAsync("churn", 10, new() { StorageUri = "s3://models/churn/2" });

        service.Spec.Predictor!.CanaryTrafficPercent.Should().Be(10);
        service.Spec.Predictor.Model!.StorageUri.Should().Be("s3://models/churn/2");
        service.Metadata.Generation.Should().Be(2);
        service.Spec.Canary.Should().BeNull();
    }

    [Fact]
    public async Task Canary_KnativeTransformer_GetsTheImage()
    {
        await CreateAsync(DeploymentMode.Knative, RolledOut("t-1", "t-1", "t-1", "transformer"));

        InferenceService service = await _client.CanaryAsync("churn", 20, new() { Component = "transformer", Image = "acme/churn:2" });

        service.Spec.Transformer!.CanaryTrafficPercent.Should().Be(20);
        service.Spec.Transformer.Containers![0].Image.Should().Be("acme/churn:2");
        service.Spec.Predictor!.CanaryTrafficPercent.Should().BeNull();
    }

    [Fact]
    public async Task Canary_NothingRolledOutYet_IsRefused()
    {
        await CreateAsync(DeploymentMode.Knative, RolledOut("churn-00001", "", ""));

        (await Fails(() => _client.CanaryAsync("churn", 10, new() { StorageUri = "s3://x" }), KServeError.Invalid))
            .Message.Should().Contain("nothing to fall back on");
        _server.Verbs.Should().NotContain("update");
    }

    [Fact]
    public async Task Canary_ModeUnknown_IsRefusedRatherThanGuessed()
    {
        await CreateAsync(null, RolledOut("a", "a", "a"));

        (await Fails(() => _client.CanaryAsync("churn", 10, new() { StorageUri = "s3://x" }), KServeError.Invalid))
            .Message.Should().Contain("Knative or Standard");
        (await _client.CanaryAsync("churn", 10, new() { StorageUri = "s3://x", Mode = DeploymentMode.Knative }))
            .Spec.Predictor!.CanaryTrafficPercent.Should().Be(10);
    }

    [Fact]
    public async Task Canary_ModeOnlyInTheStatus_IsTakenFromThere()
    {
        JsonObject status = RolledOut("a", "a", "a");
        status["deploymentMode"] = "Standard";
        await CreateAsync(null, status);

        InferenceService service = await _client.CanaryAsync("churn", 10, new() { StorageUri = "s3://x" });

        service.Spec.Canary!.Single().TrafficPercent.Should().Be(10);
        service.Metadata.Annotations.Should().Contain("serving.kserve.io/deploymentMode", "Standard");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public async Task Canary_ShareOutOfRange_IsRefused(int percent)
    {
        await CreateAsync(DeploymentMode.Knative, RolledOut("a", "a", "a"));

        (await Fails(() => _client.CanaryAsync("churn", percent, new() { StorageUri = "s3://x" }), KServeError.Invalid))
            .Message.Should().Contain("0 to 100");
    }

    [Fact]
    public async Task Canary_NothingNewAndNoneRunning_IsRefused()
    {
        await CreateAsync(DeploymentMode.Knative, RolledOut("a", "a", "a"));
        await Fails(() => _client.CanaryAsync("churn", 50), KServeError.Invalid);

        await _client.CanaryAsync("churn", 10, new() { StorageUri = "s3://x" });
        (await _client.CanaryAsync("churn", 50)).Spec.Predictor!.CanaryTrafficPercent.Should().Be(50);
    }

    [Fact]
    public async Task Promote_KnativeReady_TakesTheShareAway()
    {
        await CreateAsync(DeploymentMode.Knative, RolledOut("a-1", "a-1", "a-1"));
        await _client.CanaryAsync("churn", 10, new() { StorageUri = "s3://x" });
        _server.Store.SetStatus("team", "churn", RolledOut("a-2", "a-1", "a-1"));
        (await Fails(() => _client.PromoteAsync("churn"), KServeError.Invalid)).Message.Should().Contain("'a-2'").And.Contain("not ready");

        _server.Store.SetStatus("team", "churn", RolledOut("a-2", "a-2", "a-1", generation: 2));
        InferenceService service = await _client.PromoteAsync("churn");

        service.Spec.Predictor!.CanaryTrafficPercent.Should().BeNull();
        service.Spec.Predictor.Model!.StorageUri.Should().Be("s3://x");
        _server.Store.Get("inferenceservices", "team", "churn")["spec"]!["predictor"]!.AsObject().Should().NotContainKey("canaryTrafficPercent");
    }

    /// <summary>Right after a canary the status still tells of the version before, which is ready.</summary>
    [Theory]
    [InlineData(DeploymentMode.Knative)]
    [InlineData(DeploymentMode.Standard)]
    public async Task Promote_StatusOfTheSpecBefore_IsRefused(DeploymentMode mode)
    {
        JsonObject status = RolledOut("a-1", "a-1", "a-1");
        status["canaryStatuses"] = new JsonArray(new JsonObject { ["name"] = "canary", ["ready"] = true, ["trafficPercent"] = 10 });
        await CreateAsync(mode, status);
        await _client.CanaryAsync("churn", 10, new() { StorageUri = "s3://x" });

        (await Fails(() => _client.PromoteAsync("churn"), KServeError.Invalid)).Message.Should().Contain("newest spec has not been looked at");
        (await _client.PromoteAsync("churn", force: true)).Spec.Predictor!.Model!.StorageUri.Should().Be("s3://x");
    }

    [Fact]
    public async Task Promote_NotReadyButForced_IsDone()
    {
        await CreateAsync(DeploymentMode.Knative, RolledOut("a-1", "a-1", "a-1"));
        await _client.CanaryAsync("churn", 10, new() { StorageUri = "s3://x" });
        _server.Store.SetStatus("team", "churn", RolledOut("a-2", "a-1", "a-1"));

        (await _client.PromoteAsync("churn", force: true)).Spec.Predictor!.CanaryTrafficPercent.Should().BeNull();
    }

    [Fact]
    public async Task RollBack_Knative_LeavesNoTrafficForTheNew()
    {
        await CreateAsync(DeploymentMode.Knative, RolledOut("a-1", "a-1", "a-1"));
        await Fails(() => _client.RollBackAsync("churn"), KServeError.Invalid);
        await _client.CanaryAsync("churn", 10, new() { StorageUri = "s3://x" });

        (await _client.RollBackAsync("churn")).Spec.Predictor!.CanaryTrafficPercent.Should().Be(0);
    }

    [Fact]
    public async Task Canary_Standard_AddsAVersionWithoutScalingOfItsOwn()
    {
        await CreateAsync(DeploymentMode.Standard, Ready(), s =>
        {
            s.Spec.Predictor!.MaxReplicas = 8;
            s.Spec.Predictor.ScaleMetric = "cpu";
            s.Spec.Predictor.Set("autoScaling", new JsonObject { ["metrics"] = new JsonArray() });
        });

        InferenceService service = await _client.CanaryAsync("churn", 25, new() { StorageUri = "s3://models/churn/2" });

        CanarySpec canary = service.Spec.Canary!.Single();
        canary.TrafficPercent.Should().Be(25);
        canary.Predictor!.Name.Should().Be("canary");
        canary.Predictor.Model!.StorageUri.Should().Be("s3://models/churn/2");
        canary.Predictor.MaxReplicas.Should().BeNull();
        canary.Predictor.ScaleMetric.Should().BeNull();
        canary.Predictor.Additional.Should().BeNullOrEmpty();
        service.Spec.Predictor!.Model!.StorageUri.Should().Be("s3://models/churn/1");
        service.Spec.Predictor.CanaryTrafficPercent.Should().BeNull();
        ManifestRules.Check(service).Should().BeEmpty();
    }

    [Fact]
    public async Task Canary_StandardSharesOverAHundred_IsRefused()
    {
        await CreateAsync(DeploymentMode.Standard, Ready());
        await _client.CanaryAsync("churn", 70, new() { StorageUri = "s3://2", Name = "two" });

        (await Fails(() => _client.CanaryAsync("churn", 40, new() { StorageUri = "s3://3", Name = "three" }), KServeError.Invalid))
            .Message.Should().Contain("take 70 %");
        (await _client.CanaryAsync("churn", 90, new() { Name = "two" })).Spec.Canary!.Single().TrafficPercent.Should().Be(90);
    }

    [Fact]
    public async Task Canary_StandardTransformer_IsRefused()
    {
        await CreateAsync(DeploymentMode.Standard, Ready());

        (await Fails(() => _client.CanaryAsync("churn", 10, new() { Component = "transformer", Image = "a" }), KServeError.Invalid))
            .Message.Should().Contain("of the predictor only");
    }

    [Fact]
    public async Task Promote_Standard_BecomesTheStableWithItsNameAndScaling()
    {
        await CreateAsync(DeploymentMode.Standard, Ready(), s => s.Spec.Predictor!.MaxReplicas = 8);
        await _client.CanaryAsync("churn", 25, new() { StorageUri = "s3://models/churn/2" });
        (await Fails(() => _client.PromoteAsync("churn"), KServeError.Invalid)).Message.Should().Contain("'canary' is not ready");
        JsonObject status = Ready(2);
        status["canaryStatuses"] = new JsonArray(new JsonObject { ["name"] = "canary", ["ready"] = true, ["trafficPercent"] = 25 });
        _server.Store.SetStatus("team", "churn", status);

        InferenceService service = await _client.PromoteAsync("churn");

        service.Spec.Canary.Should().BeNull();
        service.Spec.Predictor!.Name.Should().BeNull();
        service.Spec.Predictor.MaxReplicas.Should().Be(8);
        service.Spec.Predictor.Model!.StorageUri.Should().Be("s3://models/churn/2");
    }

    [Fact]
    public async Task RollBack_Standard_RemovesTheVersion()
    {
        await CreateAsync(DeploymentMode.Standard, Ready());
        await _client.CanaryAsync("churn", 25, new() { StorageUri = "s3://models/churn/2" });

        (await _client.RollBackAsync("churn")).Spec.Canary.Should().BeNull();
    }

    [Theory]
    [InlineData("""{"sklearn":{"storageUri":"s3://1","x":1}}""", """{"sklearn":{"storageUri":"s3://2","x":1},"canaryTrafficPercent":10}""")]
    [InlineData("""{"containers":[{"name":"kserve-container","env":[{"name":"STORAGE_URI","value":"s3://1"}]}]}""",
        """{"containers":[{"name":"kserve-container","env":[{"name":"STORAGE_URI","value":"s3://2"}]}],"canaryTrafficPercent":10}""")]
    [InlineData("""{"containers":[{"name":"kserve-container"}],"storageUris":[{"uri":"s3://1","mountPath":"/m"}]}""",
        """{"containers":[{"name":"kserve-container"}],"storageUris":[{"uri":"s3://2","mountPath":"/m"}],"canaryTrafficPercent":10}""")]
    [InlineData("""{"containers":[{"name":"kserve-container","image":"a"}]}""", null)]
    public async Task Canary_StorageInItsSeveralPlaces_IsChangedThere(string predictor, string? expected)
    {
        _server.Store.Create("inferenceservices", "team", JsonNode.Parse($$"""
            {"apiVersion":"serving.kserve.io/v1beta1","kind":"InferenceService","metadata":{"name":"churn",
             "annotations":{"serving.kserve.io/deploymentMode":"Serverless"} },"spec":{"predictor":{{predictor}} } }
            """)!.AsObject());
        _server.Store.SetStatus("team", "churn", RolledOut("a", "a", "a"));
        Func<Task> act = () => _client.CanaryAsync("churn", 10, new() { StorageUri = "s3://2" });
        if (expected is null)
        {
            (await Fails(act, KServeError.Invalid)).Message.Should().Contain("Change its image instead");
            return;
        }

        await act();
        JsonNode stored = _server.Store.Get("inferenceservices", "team", "churn")["spec"]!["predictor"]!;
        JsonNode.DeepEquals(stored, JsonNode.Parse(expected)).Should().BeTrue(stored.ToJsonString());
    }

    [Fact]
    public async Task Canary_SomebodyElseFaster_KeepsBothChanges()
    {
        await CreateAsync(DeploymentMode.Knative, RolledOut("a", "a", "a"));
        _server.BeforeNext("update", () => _server.Store.Merge("inferenceservices", "team", "churn", new JsonObject
        {
            ["spec"] = new JsonObject { ["predictor"] = new JsonObject { ["maxReplicas"] = 6 } },
        }));

        InferenceService service = await _client.CanaryAsync("churn", 10, new() { StorageUri = "s3://x" });

        service.Spec.Predictor!.MaxReplicas.Should().Be(6);
        service.Spec.Predictor.CanaryTrafficPercent.Should().Be(10);
    }

    private async Task CreateAsync(DeploymentMode? mode, JsonObject status, Action<InferenceService>? change = null)
    {
        InferenceService service = Churn();
        service.DeploymentMode = mode;
        change?.Invoke(service);
        await _client.CreateAsync(service);
        _server.Store.SetStatus("team", "churn", status);
    }

    private static JsonObject RolledOut(string created, string ready, string rolledOut, string component = "predictor", long generation = 1)
    {
        JsonObject status = Ready(generation);
        status["components"] = new JsonObject
        {
            [component] = new JsonObject
            {
                ["latestCreatedRevision"] = created,
                ["latestReadyRevision"] = ready,
                ["latestRolledoutRevision"] = rolledOut,
            },
        };
        return status;
    }
}
