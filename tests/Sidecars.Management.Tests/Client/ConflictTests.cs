using System.Text.Json.Nodes;
using Sidecars.Management.Tests.Cluster;
using static Sidecars.Management.Tests.Client.Services;

namespace Sidecars.Management.Tests.Client;

/// <summary>Two writers at once: nobody's change may be lost.</summary>
public sealed class ConflictTests : IAsyncLifetime
{
    private ScriptedApiServer _server = null!;
    private KServeClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await ScriptedApiServer.StartAsync();
        _client = _server.Client();
        await _client.CreateAsync(Churn());
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Replace_VersionGivenAndStale_FailsAndKeepsTheOther()
    {
        InferenceService mine = await _client.GetAsync("churn");
        SomebodyElseSets("maxReplicas", 9);
        mine.Spec.Predictor!.MinReplicas = 2;

        KServeException e = await Fails(() => _client.ReplaceAsync(mine), KServeError.Conflict);

        e.Message.Should().Contain("changed by somebody else").And.Contain("Read it again");
        _server.Verbs.Count(v => v == "update").Should().Be(1);
        (await _client.GetAsync("churn")).Spec.Predictor!.MaxReplicas.Should().Be(9);
    }

    [Fact]
    public async Task Replace_NoVersionGiven_ReadsAnewAndReplaces()
    {
        InferenceService mine = Churn();
        mine.Spec.Predictor!.MinReplicas = 3;
        _server.BeforeNext("update", () => SomebodyElseSets("maxReplicas", 9));

        InferenceService replaced = await _client.ReplaceAsync(mine);

        replaced.Spec.Predictor!.MinReplicas.Should().Be(3);
        replaced.Spec.Predictor.MaxReplicas.Should().BeNull();
        _server.Verbs.Count(v => v == "update").Should().Be(2);
        mine.Metadata.ResourceVersion.Should().BeNull();
    }

    [Fact]
    public async Task Update_SomebodyElseFaster_KeepsBothChanges()
    {
        _server.BeforeNext("update", () => SomebodyElseSets("maxReplicas", 9));

        InferenceService updated = await _client.UpdateAsync("churn", s => s.Spec.Predictor!.MinReplicas = 4);

        updated.Spec.Predictor!.MinReplicas.Should().Be(4);
        updated.Spec.Predictor.MaxReplicas.Should().Be(9);
        _server.Verbs.Should().Equal("create", "get", "update", "get", "update");
    }

    [Fact]
    public async Task Update_AlwaysSomebodyElseFaster_GivesUpWithTheConflict()
    {
        foreach (int i in Enumerable.Range(0, 20))
        {
            _server.BeforeNext("update", () => SomebodyElseSets("maxReplicas", 10 + i));
        }

        await Fails(() => _client.UpdateAsync("churn", s => s.Spec.Predictor!.MinReplicas = 4), KServeError.Conflict);

        _server.Verbs.Count(v => v == "update").Should().Be(8);
    }

    [Fact]
    public async Task Patch_WithAVersion_IsNotRepeated()
    {
        InferenceService read = await _client.GetAsync("churn");
        SomebodyElseSets("maxReplicas", 9);

        await Fails(
            () => _client.PatchAsync("churn", new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = read.Metadata.ResourceVersion },
                ["spec"] = new JsonObject { ["predictor"] = new JsonObject { ["minReplicas"] = 2 } },
            }),
            KServeError.Conflict);

        _server.Verbs.Count(v => v == "patch").Should().Be(1);
    }

    [Fact]
    public async Task Patch_WithoutAVersion_IsSentAgain()
    {
        _server.Next("patch", _ => throw ApiRefusal.Conflict("inferenceservices", "churn"));

        InferenceService patched = await _client.PatchAsync("churn", new JsonObject
        {
            ["spec"] = new JsonObject { ["predictor"] = new JsonObject { ["minReplicas"] = 2 } },
        });

        patched.Spec.Predictor!.MinReplicas.Should().Be(2);
        _server.Verbs.Count(v => v == "patch").Should().Be(2);
    }

    private void SomebodyElseSets(string field, int value) => _server.Store.Merge("inferenceservices", "team", "churn", new JsonObject
    {
        ["spec"] = new JsonObject { ["predictor"] = new JsonObject { [field] = value } },
    });
}
