using System.Text.Json.Nodes;
using Sidecars.Management.Tests.Cluster;
using static Sidecars.Management.Tests.Client.Services;

namespace Sidecars.Management.Tests.Client;

public sealed class CrudTests : IAsyncLifetime
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
    public async Task Create_NewService_IsReadBackWithVersionAndGeneration()
    {
        InferenceService created = await _client.CreateAsync(Churn());
        InferenceService read = await _client.GetAsync("churn");

        created.Metadata.ResourceVersion.Should().NotBeNullOrEmpty();
        created.Metadata.Generation.Should().Be(1);
        read.Metadata.NamespaceProperty.Should().Be("team");
        read.Spec.Predictor!.Model!.StorageUri.Should().Be("s3://models/churn/1");
        read.Spec.Transformer!.Containers![0].Args.Should().Equal("--predictor_protocol=v2");
        _server.Requests[0].Path.Should().Be("/apis/serving.kserve.io/v1beta1/namespaces/team/inferenceservices");
    }

    [Fact]
    public async Task Create_NamespaceInTheObject_WinsOverTheDefault()
    {
        InferenceService service = Churn();
        service.Metadata.NamespaceProperty = "other";

        (await _client.CreateAsync(service)).Metadata.NamespaceProperty.Should().Be("other");
        (await _client.CreateAsync(service, "third")).Metadata.NamespaceProperty.Should().Be("third");
    }

    [Fact]
    public async Task Create_SameNameTwice_SaysThatItExists()
    {
        await _client.CreateAsync(Churn());

        KServeException e = await Fails(() => _client.CreateAsync(Churn()), KServeError.AlreadyExists);

        e.Message.Should().Contain("exists already");
    }

    [Fact]
    public async Task Create_NoName_IsRefusedBeforeTheServerIsAsked()
    {
        await Fails(() => _client.CreateAsync(new InferenceService()), KServeError.Invalid);

        _server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Get_Unknown_NamesServiceAndNamespace()
    {
        KServeException e = await Fails(() => _client.GetAsync("nope"), KServeError.NotFound);

        e.Message.Should().Be("There is no InferenceService 'nope' in namespace 'team'.");
        e.HttpStatus.Should().Be(404);
    }

    [Fact]
    public async Task List_MoreThanAPage_ReadsAllPages()
    {
        foreach (int i in Enumerable.Range(0, 7))
        {
            await _client.CreateAsync(Churn($"s{i}"));
        }

        IReadOnlyList<InferenceService> all = await _client.ListAsync(pageSize: 3);

        all.Select(s => s.Metadata.Name).Should().Equal("s0", "s1", "s2", "s3", "s4", "s5", "s6");
        _server.Requests.Count(r => r.Verb == "list").Should().Be(3);
        _server.Requests.Last().Query.Should().ContainKey("continue").And.Contain("limit", "3");
    }

    [Fact]
    public async Task List_PageTokenExpires_BeginsAgain()
    {
        foreach (int i in Enumerable.Range(0, 4))
        {
            await _client.CreateAsync(Churn($"s{i}"));
        }

        _server.BeforeNext("list", () => { });
        _server.BeforeNext("list", _server.Store.Compact);

        IReadOnlyList<InferenceService> all = await _client.ListAsync(pageSize: 3);

        all.Select(s => s.Metadata.Name).Should().Equal("s0", "s1", "s2", "s3");
        _server.Requests.Count(r => r.Verb == "list").Should().Be(4);
    }

    [Fact]
    public async Task List_WithLabels_AsksForThem()
    {
        InferenceService labelled = Churn("labelled");
        labelled.Metadata.Labels = new Dictionary<string, string> { ["tier"] = "gold" };
        await _client.CreateAsync(labelled);
        await _client.CreateAsync(Churn("plain"));

        (await _client.ListAsync(labelSelector: "tier=gold")).Select(s => s.Metadata.Name).Should().Equal("labelled");
    }

    [Fact]
    public async Task Delete_ThereThenGone_TellsWhich()
    {
        await _client.CreateAsync(Churn());

        (await _client.DeleteAsync("churn")).Should().BeTrue();
        (await _client.DeleteAsync("churn")).Should().BeFalse();
    }

    [Fact]
    public async Task Patch_Json_SetsAndTakesAway()
    {
        await _client.CreateAsync(Churn());

        InferenceService patched = await _client.PatchAsync("churn", new JsonObject
        {
            ["spec"] = new JsonObject { ["predictor"] = new JsonObject { ["minReplicas"] = null, ["maxReplicas"] = 5 } },
        });

        patched.Spec.Predictor!.MinReplicas.Should().BeNull();
        patched.Spec.Predictor.MaxReplicas.Should().Be(5);
        patched.Spec.Predictor.Model!.StorageUri.Should().Be("s3://models/churn/1");
        patched.Metadata.Generation.Should().Be(2);
        _server.Requests.Last().ContentType.Should().Be("application/merge-patch+json");
    }

    [Fact]
    public async Task Patch_Manifest_LeavesTheRest()
    {
        await _client.CreateAsync(Churn());
        var change = new InferenceService { Metadata = { Name = "churn" }, Spec = { Predictor = new() { MaxReplicas = 3 } } };

        InferenceService patched = await _client.PatchAsync(change);

        patched.Spec.Predictor!.MaxReplicas.Should().Be(3);
        patched.Spec.Predictor.MinReplicas.Should().Be(1);
    }

    [Fact]
    public async Task Replace_FieldsOfANewerKServe_AreKept()
    {
        _server.Store.Create("inferenceservices", "team", JsonNode.Parse("""
            {"apiVersion":"serving.kserve.io/v1beta1","kind":"InferenceService","metadata":{"name":"new"},
             "spec":{"predictor":{"model":{"modelFormat":{"name":"onnx"},"futureFlag":{"a":[1,2.5,"x",null]}},
                     "nodeSelector":{"gpu":"yes"},"resources":{"limits":{"cpu":1}}},"router":{"mode":"smart"}}}
            """)!.AsObject());

        InferenceService service = await _client.GetAsync("new");
        service.Spec.Predictor!.MaxReplicas = 4;
        await _client.ReplaceAsync(service);

        JsonObject stored = _server.Store.Get("inferenceservices", "team", "new");
        JsonNode expected = JsonNode.Parse("""
            {"predictor":{"model":{"modelFormat":{"name":"onnx"},"futureFlag":{"a":[1,2.5,"x",null]}},
             "nodeSelector":{"gpu":"yes"},"resources":{"limits":{"cpu":1}},"maxReplicas":4},"router":{"mode":"smart"}}
            """)!;
        JsonNode.DeepEquals(stored["spec"], expected).Should().BeTrue(stored["spec"]!.ToJsonString());
    }

    [Fact]
    public async Task Replace_NothingChanged_KeepsVersionAndGeneration()
    {
        InferenceService created = await _client.CreateAsync(Churn());
        InferenceService replaced = await _client.ReplaceAsync(created);

        replaced.Metadata.ResourceVersion.Should().Be(created.Metadata.ResourceVersion);
        replaced.Metadata.Generation.Should().Be(1);
    }
}
