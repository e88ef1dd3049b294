using Sidecars.Management.Tests.Cluster;
using static Sidecars.Management.Tests.Client.Services;

namespace Sidecars.Management.Tests.Client;

public sealed class WaitTests : IAsyncLifetime
{
    private readonly Told _told = new();
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
    public async Task Wait_ReadyAlready_AsksOnce()
    {
        _server.Store.SetStatus("team", "churn", Ready());

        InferenceService ready = await _client.WaitUntilReadyAsync("churn", progress: _told);

        ready.IsReady.Should().BeTrue();
        _told.Lines.Should().Equal("ready at http://churn.team.example.com");
        _server.Verbs.Should().Equal("create", "list");
    }

    [Fact]
    public async Task Wait_BecomesReady_TellsEachStateOnce()
    {
        Task<InferenceService> waiting = _client.WaitUntilReadyAsync("churn", progress: _told);
        await _server.Watches.OpenedAsync(1);
        _server.Store.SetStatus("team", "churn", Waiting());
        _server.Store.SetStatus("team", "churn", Waiting());
        _server.Store.SetStatus("team", "churn", Ready());

        (await waiting).Status!.Url.Should().Be("http://churn.team.example.com");
        _told.Lines.Should().Equal(
            "not reported on yet",
            "not ready: PredictorReady is False, RevisionMissing: Configuration has no revision",
            "ready at http://churn.team.example.com");
        _server.Verbs.Should().Equal("create", "list", "watch");
        _server.Requests.Last().Query.Should().Contain("fieldSelector", "metadata.name=churn").And.Contain("allowWatchBookmarks", "true");
    }

    [Fact]
    public async Task Wait_ReadyForAnOlderSpec_GoesOnWaiting()
    {
        _server.Store.SetStatus("team", "churn", Ready(generation: 1));
        await _client.UpdateAsync("churn", s => s.Spec.Predictor!.Model!.StorageUri = "s3://models/churn/2");

        Task<InferenceService> waiting = _client.WaitUntilReadyAsync("churn", progress: _told);
        await _server.Watches.OpenedAsync(1);
        waiting.IsCompleted.Should().BeFalse();
        _server.Store.SetStatus("team", "churn", Ready(generation: 2));

        (await waiting).Metadata.Generation.Should().Be(2);
        _told.Lines[0].Should().Be("the newest spec has not been looked at yet");
    }

    [Fact]
    public async Task Wait_WatchEnds_BeginsAgainWhereItEnded()
    {
        Task<InferenceService> waiting = _client.WaitUntilReadyAsync("churn");
        await _server.Watches.OpenedAsync(1);
        _server.Store.SetStatus("team", "churn", Waiting());
        long seen = _server.Store.Version;
        _server.Watches.End();
        await _server.Watches.OpenedAsync(2);
        _server.Store.SetStatus("team", "churn", Ready());

        await waiting;
        _server.Watches.Began[1].Should().Be(seen);
        _server.Verbs.Should().Equal("create", "list", "watch", "watch");
    }

    [Fact]
    public async Task Wait_Bookmark_MovesTheVersionOn()
    {
        Task<InferenceService> waiting = _client.WaitUntilReadyAsync("churn");
        await _server.Watches.OpenedAsync(1);
        await _client.CreateAsync(Churn("another"));
        long now = _server.Store.Version;
        _server.Watches.SendBookmark();
        _server.Watches.End();
        await _server.Watches.OpenedAsync(2);
        _server.Store.SetStatus("team", "churn", Ready());

        await waiting;
        _server.Watches.Began.Should().HaveCount(2);
        _server.Watches.Began[1].Should().Be(now);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wait_VersionExpired_ListsAnew(bool byStatus)
    {
        _server.ExpireByStatus = byStatus;
        Task<InferenceService> waiting = _client.WaitUntilReadyAsync("churn", progress: _told);
        await _server.Watches.OpenedAsync(1);
        _server.Store.SetStatus("team", "churn", Waiting());

        // What happened while nobody watched is in no event any more: only a list tells it.
        _server.BeforeNext("watch", () =>
        {
            _server.Store.SetStatus("team", "churn", Ready());
            _server.Store.Compact();
        });
        _server.Watches.End();

        (await waiting).IsReady.Should().BeTrue();
        _server.Verbs.Should().Equal("create", "list", "watch", "watch", "list");
        _told.Lines.Last().Should().StartWith("ready");
    }

    [Fact]
    public async Task Wait_Deleted_SaysSo()
    {
        Task<InferenceService> waiting = _client.WaitUntilReadyAsync("churn");
        await _server.Watches.OpenedAsync(1);
        await _client.DeleteAsync("churn");

        (await Fails(() => waiting, KServeError.NotFound)).Message.Should().Contain("was deleted while it was waited for");
    }

    [Fact]
    public async Task Wait_NeverThere_SaysSoAtOnce() =>
        (await Fails(() => _client.WaitUntilReadyAsync("nope"), KServeError.NotFound)).Message.Should().Contain("There is no InferenceService 'nope'");

    [Fact]
    public async Task Wait_ServerInTrouble_TriesAgainLaterAndLater()
    {
        var time = new SignallingTime();
        using KServeClient client = _server.Client(time);
        foreach (int _ in Enumerable.Range(0, 2))
        {
            _server.Next("list", _ => throw new ApiRefusal(500, "InternalError", "etcdserver: leader changed"));
        }

        _server.Store.SetStatus("team", "churn", Ready());
        Task<InferenceService> waiting = client.WaitUntilReadyAsync("churn");
        await time.PassAsync(TimeSpan.FromSeconds(1));
        await time.PassAsync(TimeSpan.FromSeconds(2));

        (await waiting).IsReady.Should().BeTrue();
        _server.Verbs.Should().Equal("create", "list", "list", "list");
    }

    [Fact]
    public async Task Wait_GarbageOnTheWatch_IsFollowedByAnotherWatch()
    {
        var time = new SignallingTime();
        using KServeClient client = _server.Client(time);
        Task<InferenceService> waiting = client.WaitUntilReadyAsync("churn");
        await _server.Watches.OpenedAsync(1);
        _server.Watches.SendLine("{\"type\":\"ADDED\"");
        await time.PassAsync(TimeSpan.FromSeconds(1));
        await _server.Watches.OpenedAsync(2);
        _server.Store.SetStatus("team", "churn", Ready());

        (await waiting).IsReady.Should().BeTrue();
    }

    [Fact]
    public async Task Wait_SilentConnection_IsGivenUpAndOpenedAnew()
    {
        var time = new SignallingTime();
        using KServeClient client = _server.Client(time);
        Task<InferenceService> waiting = client.WaitUntilReadyAsync("churn", timeout: TimeSpan.FromHours(1));
        await _server.Watches.OpenedAsync(1);
        await time.PassAsync(TimeSpan.FromSeconds(330));
        await time.PassAsync(TimeSpan.FromSeconds(1));
        await _server.Watches.OpenedAsync(2);
        _server.Store.SetStatus("team", "churn", Ready());

        (await waiting).IsReady.Should().BeTrue();
    }

    [Fact]
    public async Task Wait_WatchThatDoesNotBegin_IsGivenUpAfterAMinuteAndOpenedAnew()
    {
        var time = new SignallingTime();
        using KServeClient client = _server.Client(time);
        _server.Next("watch", async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        });
        Task<InferenceService> waiting = client.WaitUntilReadyAsync("churn", timeout: TimeSpan.FromHours(1));

        // The first minute is that of the list, which answers at once.
        await time.PassAsync(TimeSpan.FromSeconds(60), 2);
        await time.PassAsync(TimeSpan.FromSeconds(1));
        await _server.Watches.OpenedAsync(1);
        _server.Store.SetStatus("team", "churn", Ready());

        (await waiting).IsReady.Should().BeTrue();
        _server.Verbs.Should().Equal("create", "list", "watch", "watch");
    }

    [Fact]
    public async Task Wait_CanceledWhileTheReasonIsLookedFor_IsACancellation()
    {
        var time = new SignallingTime();
        using KServeClient client = _server.Client(time);
        using var stop = new CancellationTokenSource();
        _server.Store.SetStatus("team", "churn", Waiting());
        Task<InferenceService> waiting = client.WaitUntilReadyAsync("churn", timeout: TimeSpan.FromMinutes(3), cancellation: stop.Token);
        await _server.Watches.OpenedAsync(1);
        _server.Next("list", async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        });
        await time.PassAsync(TimeSpan.FromMinutes(3));

        await waiting.Invoking(w => w).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Wait_OutOfTime_FailsWithTheReason()
    {
        var time = new SignallingTime();
        using KServeClient client = _server.Client(time);
        _server.Store.SetStatus("team", "churn", Waiting());
        Task<InferenceService> waiting = client.WaitUntilReadyAsync("churn", timeout: TimeSpan.FromMinutes(3));
        await _server.Watches.OpenedAsync(1);
        await time.PassAsync(TimeSpan.FromMinutes(3));

        KServeException e = await Fails(() => waiting, KServeError.NotReady);
        e.Message.Should().StartWith("InferenceService 'churn' is not ready after 180 s.")
            .And.Contain("PredictorReady is False, RevisionMissing: Configuration has no revision");
        e.NotReady!.Conditions.Select(c => c.Type).Should().Equal("PredictorReady", "Ready");
    }

    [Fact]
    public async Task Wait_Canceled_IsACancellation()
    {
        using var stop = new CancellationTokenSource();
        Task<InferenceService> waiting = _client.WaitUntilReadyAsync("churn", cancellation: stop.Token);
        await _server.Watches.OpenedAsync(1);
        await stop.CancelAsync();

        await waiting.Invoking(w => w).Should().ThrowAsync<OperationCanceledException>();
    }

    /// <summary>Keeps what it is told, in order.</summary>
    private sealed class Told : IProgress<ReadinessProgress>
    {
        public List<string> Lines { get; } = [];

        public void Report(ReadinessProgress value) => Lines.Add(value.ToString());
    }
}
