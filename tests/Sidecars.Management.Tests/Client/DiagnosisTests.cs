using System.Text.Json.Nodes;
using Sidecars.Management.Tests.Cluster;
using static Sidecars.Management.Tests.Client.Services;

namespace Sidecars.Management.Tests.Client;

/// <summary>Why is it not ready? The answer stands in the cluster; somebody has to collect it.</summary>
public sealed class DiagnosisTests : IAsyncLifetime
{
    private ScriptedApiServer _server = null!;
    private KServeClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await ScriptedApiServer.StartAsync();
        _client = _server.Client();
        await _client.CreateAsync(Churn());
        _server.Store.SetStatus("team", "churn", Waiting());
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Why_ContainerCrashes_ShowsItsLastRunAndWhatItWrote()
    {
        AddPod("churn-transformer-1", """
            {"containerStatuses":[{"name":"kserve-container","ready":false,"restartCount":4,"image":"a","imageID":"a",
              "state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 40s restarting failed container"}},
              "lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}
            """);
        _server.Logs["churn-transformer-1/kserve-container/previous"] = "loading model\nout of memory\n";

        NotReadyReason reason = await _client.WhyNotReadyAsync("churn");

        PodTrouble pod = reason.Pods.Single();
        pod.Reason.Should().Be("CrashLoopBackOff");
        pod.Message.Should().Contain("exit code 137 (OOMKilled)");
        pod.LogTail.Should().Equal("loading model", "out of memory");
        reason.ToString().Should().Contain("pod churn-transformer-1, container kserve-container: CrashLoopBackOff")
            .And.EndWith("    out of memory");
        _server.Requests.Last(r => r.Path.EndsWith("/log", StringComparison.Ordinal)).Query.Should().Contain("tailLines", "20");
    }

    [Theory]
    [InlineData("""{"containerStatuses":[{"name":"c","ready":false,"restartCount":0,"image":"a","imageID":"","state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image \"acme/none\""}}}]}""",
        "c", "ImagePullBackOff", "Back-off pulling image \"acme/none\"")]
    [InlineData("""{"initContainerStatuses":[{"name":"storage-initializer","ready":false,"restartCount":1,"image":"a","imageID":"","state":{"terminated":{"exitCode":1,"reason":"Error","message":"no such bucket"}}}],"containerStatuses":[{"name":"c","ready":false,"restartCount":0,"image":"a","imageID":"","state":{"waiting":{"reason":"PodInitializing"}}}]}""",
        "storage-initializer", "Error", "no such bucket; exit code 1: no such bucket")]
    [InlineData("""{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes are available: 3 Insufficient nvidia.com/gpu."}]}""",
        null, "Unschedulable", "0/3 nodes are available: 3 Insufficient nvidia.com/gpu.")]
    [InlineData("""{"phase":"Failed","reason":"Evicted","message":"The node was low on resource: memory."}""", null, "Evicted", "The node was low on resource: memory.")]
    [InlineData("""{"containerStatuses":[{"name":"c","ready":false,"restartCount":0,"image":"a","imageID":"","state":{"running":{}}}]}""",
        "c", "NotReady", "it runs, but its readiness probe fails")]
    [InlineData("""{"containerStatuses":[{"name":"c","ready":false,"started":false,"restartCount":0,"image":"a","imageID":"","state":{"running":{}}}]}""",
        "c", "NotReady", "it runs, but its startup probe has not passed yet")]
    [InlineData("""{"initContainerStatuses":[{"name":"storage-initializer","ready":false,"started":true,"restartCount":0,"image":"a","imageID":"","state":{"running":{}}}],"containerStatuses":[{"name":"c","ready":false,"restartCount":0,"image":"a","imageID":"","state":{"waiting":{"reason":"PodInitializing"}}}]}""",
        "storage-initializer", "Initializing", "it still runs, and the pod's containers start when it has ended")]
    public async Task Why_PodInTrouble_SaysWhich(string status, string? container, string reason, string message)
    {
        AddPod("churn-predictor-1", status);

        PodTrouble pod = (await _client.WhyNotReadyAsync("churn")).Pods.Single();

        pod.Pod.Should().Be("churn-predictor-1");
        pod.Container.Should().Be(container);
        pod.Reason.Should().Be(reason);
        pod.Message.Should().Be(message);
    }

    /// <summary>A container that the kubelet ended says only that; why it was ended the pod says.</summary>
    [Fact]
    public async Task Why_PodEvicted_SaysSoBesideItsContainers()
    {
        AddPod("churn-predictor-1", """
            {"phase":"Failed","reason":"Evicted","message":"The node was low on resource: memory.",
             "containerStatuses":[{"name":"c","ready":false,"restartCount":0,"image":"a","imageID":"a","state":{"terminated":{"exitCode":137,"reason":"Error"}}}]}
            """);

        IReadOnlyList<PodTrouble> pods = (await _client.WhyNotReadyAsync("churn")).Pods;

        pods.Select(p => (p.Container, p.Reason, p.Message)).Should().Equal(
            ("c", "Error", "exit code 137"), (null, "Evicted", "The node was low on resource: memory."));
    }

    /// <summary>One with restartPolicy Always runs beside the others, and has a readiness of its own.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Why_ContainerThatStaysBesideTheOthers_IsNotTakenForOneThatPrepares(bool ready)
    {
        AddPod(
            "churn-predictor-1",
            $$"""{"phase":"Running","initContainerStatuses":[{"name":"proxy","ready":{{(ready ? "true" : "false")}},"started":true,"restartCount":0,"image":"a","imageID":"","state":{"running":{} } }]}""",
            """{"containers":[],"initContainers":[{"name":"proxy","restartPolicy":"Always"}]}""");

        IReadOnlyList<PodTrouble> pods = (await _client.WhyNotReadyAsync("churn")).Pods;

        pods.Select(p => p.Message).Should().Equal(ready ? [] : ["it runs, but its readiness probe fails"]);
    }

    [Fact]
    public async Task Why_AnswerThatIsNoJson_IsAGapAndNoError()
    {
        _server.Next("list", async context =>
        {
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "<html>");
            return true;
        });

        NotReadyReason reason = await _client.WhyNotReadyAsync("churn");

        reason.Gaps.Single().Should().StartWith("pods: the answer cannot be read");
        reason.Conditions.Should().HaveCount(2);
    }

    [Fact]
    public async Task Why_CallerGivesUp_IsACancellation()
    {
        using var stop = new CancellationTokenSource();
        _server.Next("list", async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        });

        await _client.Invoking(c => c.WhyNotReadyAsync("churn", cancellation: stop.Token)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Why_HealthyPods_AreNotMentioned()
    {
        AddPod("churn-predictor-1", """{"phase":"Running","containerStatuses":[{"name":"c","ready":true,"restartCount":0,"image":"a","imageID":"","state":{"running":{}}}]}""");

        (await _client.WhyNotReadyAsync("churn")).Pods.Should().BeEmpty();
    }

    [Fact]
    public async Task Why_Warnings_AreThoseOfTheServiceInOrder()
    {
        AddPod("pod-x", """{"phase":"Running"}""");
        AddEvent("e1", "pod-x", "FailedMount", "2026-11-01T10:05:00Z");
        AddEvent("e2", "churn", "InternalError", "2026-11-01T10:01:00Z");
        AddEvent("e3", "churn-predictor-00001", "RevisionFailed", "2026-11-01T10:03:00Z");
        AddEvent("e4", "churner", "Other", "2026-11-01T10:03:00Z");
        AddEvent("e5", "churn", "Fine", "2026-11-01T10:03:00Z", "Normal");

        NotReadyReason reason = await _client.WhyNotReadyAsync("churn");

        reason.Warnings.Should().Equal(
            "Pod churn: InternalError: it happened", "Pod churn-predictor-00001: RevisionFailed: it happened", "Pod pod-x: FailedMount: it happened");
    }

    [Fact]
    public async Task Why_ModelFailed_RepeatsKServe()
    {
        JsonObject status = Waiting();
        status["modelStatus"] = JsonNode.Parse("""
            {"transitionStatus":"BlockedByFailedLoad","lastFailureInfo":{"reason":"ModelLoadFailed","exitCode":1,"message":"no such file"}}
            """);
        _server.Store.SetStatus("team", "churn", status);

        NotReadyReason reason = await _client.WhyNotReadyAsync("churn");

        reason.ToString().Should().Contain("model ModelLoadFailed, exit code 1: no such file");
    }

    [Fact]
    public async Task Why_MayNotReadPods_SaysSoAndGoesOn()
    {
        _server.Forbidden.Add("list pods");
        AddEvent("e2", "churn", "InternalError", "2026-11-01T10:01:00Z");

        NotReadyReason reason = await _client.WhyNotReadyAsync("churn");

        reason.Gaps.Single().Should().Contain("may not list pods");
        reason.Warnings.Should().HaveCount(1);
        reason.ToString().Should().Contain("not looked at: ");
    }

    [Fact]
    public async Task Why_NothingReported_AsksForTheController()
    {
        await _client.CreateAsync(Churn("fresh"));

        (await _client.WhyNotReadyAsync("fresh")).ToString().Should().Contain("is the controller running?");
    }

    private void AddPod(string name, string status, string? spec = null) => _server.Store.Create("pods", "team", new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["labels"] = new JsonObject { ["serving.kserve.io/inferenceservice"] = "churn" },
        },
        ["spec"] = spec is null ? null : JsonNode.Parse(spec),
        ["status"] = JsonNode.Parse(status),
    });

    private void AddEvent(string name, string about, string reason, string time, string type = "Warning") =>
        _server.Store.Create("events", "team", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["involvedObject"] = new JsonObject { ["kind"] = "Pod", ["name"] = about },
            ["reason"] = reason,
            ["message"] = "it happened\n",
            ["type"] = type,
            ["lastTimestamp"] = time,
        });
}
