using Sidecars.Management.Tests.Cluster;
using static Sidecars.Management.Tests.Client.Services;

namespace Sidecars.Management.Tests.Client;

public sealed class ApplyTests : IAsyncLifetime
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
    public async Task Apply_NotThere_Creates()
    {
        InferenceService applied = await _client.ApplyAsync(Churn());

        applied.Metadata.Generation.Should().Be(1);
        _server.Requests.Single().ContentType.Should().Be("application/apply-patch+yaml");
        _server.Requests.Single().Query.Should().Contain("fieldManager", "sidecars").And.Contain("force", "false");
    }

    [Fact]
    public async Task Apply_FieldLeftOut_IsTakenAwayAndOthersStay()
    {
        await _client.ApplyAsync(Churn());
        _server.Store.Merge("inferenceservices", "team", "churn", System.Text.Json.Nodes.JsonNode.Parse(
            """{"spec":{"predictor":{"maxReplicas":7}}}""")!.AsObject());
        InferenceService without = Churn();
        without.Spec.Predictor!.MinReplicas = null;

        InferenceService applied = await _client.ApplyAsync(without);

        applied.Spec.Predictor!.MinReplicas.Should().BeNull();
        applied.Spec.Predictor.MaxReplicas.Should().Be(7);
    }

    [Fact]
    public async Task Apply_ReadFromTheCluster_SendsNoVersionAndNoStatus()
    {
        await _client.ApplyAsync(Churn());
        _server.Store.SetStatus("team", "churn", Ready());
        InferenceService read = await _client.GetAsync("churn");

        await _client.ApplyAsync(read);

        _server.Requests.Last().Body.Should().NotContain("resourceVersion").And.NotContain("managedFields").And.NotContain("conditions");
        read.Metadata.ResourceVersion.Should().NotBeNull();
    }

    [Fact]
    public async Task Apply_FieldOfAnotherManager_NamesBothAndForceTakesIt()
    {
        await _client.ApplyAsync(Churn());
        using var other = new KServeClient(new KServeClientOptions
        {
            Configuration = new k8s.KubernetesClientConfiguration { Host = _server.Address.ToString() },
            Namespace = "team",
            FieldManager = "pipeline",
        });
        InferenceService theirs = Churn();
        theirs.Spec.Predictor!.Model!.StorageUri = "s3://models/churn/2";

        KServeException e = await Fails(() => other.ApplyAsync(theirs), KServeError.Conflict);
        e.Message.Should().Contain(".spec.predictor.model.storageUri").And.Contain("\"sidecars\"").And.Contain("force");

        (await other.ApplyAsync(theirs, force: true)).Spec.Predictor!.Model!.StorageUri.Should().Be("s3://models/churn/2");
    }
}
