using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Sidecars.Testing;
using Sidecars.Tests.OpenAi;
using Event = Sidecars.Tests.Serving.Events.WatchedCall.Event;

namespace Sidecars.Tests.Serving.Events;

/// <summary>Explanations that fail while they are watched, and callers who do not read or go away.</summary>
public sealed class ExplainEventFaultTests
{
    [Theory]
    [InlineData("{", "/v1/models/model:explain", 400)]
    [InlineData("""{"instances":[[1]]}""", "/v1/models/other:explain", 404)]
    [InlineData("""{"instances":[[1]]}""", "/v1/models/model:explain", 400)]
    public async Task Error_BeforeAnyProgress_HasAStatusOfItsOwn(string body, string path, int status)
    {
        await using SidecarTestHost host = await ExplainEventTests.StartAsync(static _ => throw InferenceException.InvalidInput("no such option"));

        using HttpResponseMessage answer = await WatchedCall.PostAsync(host, body, path);

        ((int)answer.StatusCode).Should().Be(status);
        answer.Content.Headers.ContentType!.ToString().Should().Be("application/json");
        (await answer.ErrorAsync()).Should().NotBeEmpty();
    }

    [Fact]
    public async Task Error_AfterProgress_IsTheLastEvent_AndTheConnectionStaysGood()
    {
        await using SidecarTestHost host = await ExplainEventTests.StartAsync(static context =>
        {
            context.Progress!.Report(new ExplainProgress("here"));
            throw InferenceException.InvalidInput("row 0 has \"no\" value");
        });

        using WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));
        List<Event> events = await call.RestAsync();

        events.Should().HaveCount(2);
        events[0].Name.Should().Be("progress");
        events[1].Should().Be(new Event("error", """{"error":"row 0 has \"no\" value"}"""));
        string metrics = await host.Http.GetStringAsync("/metrics");
        metrics.Should().Contain("outcome=\"InvalidInput\",protocol=\"v1\",verb=\"explain\"").And.NotContain("outcome=\"ok\"");
    }

    [Fact]
    public async Task Error_OfOurs_IsToldWithoutItsDetails_AndLogged()
    {
        await using SidecarTestHost host = await ExplainEventTests.StartAsync(static context =>
        {
            context.Progress!.Report(new ExplainProgress("here"));
            throw new InvalidOperationException("secret");
        });

        using WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));
        Event last = (await call.RestAsync())[^1];

        last.Name.Should().Be("error");
        last.Data.Should().StartWith("""{"error":"Internal server error. Request id: """).And.NotContain("secret");
        host.Logs.Should().ContainSingle(static l => l.Level == LogLevel.Error).Which.Exception!.Message.Should().Be("secret");
    }

    [Fact]
    public async Task Deadline_ThatPassesMeanwhile_IsTheLastEvent()
    {
        var time = new FakeTimeProvider();
        await using SidecarTestHost host = await ExplainEventTests.StartAsync(
            static async context =>
            {
                context.Progress!.Report(new ExplainProgress("here"));
                await Task.Delay(Timeout.Infinite, context.Cancellation);
                return WatchedModel.Sum;
            },
            time,
            "--request_timeout_seconds=2");

        using WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));
        (await call.NextAsync())!.Name.Should().Be("progress");
        time.Advance(TimeSpan.FromSeconds(2));

        (await call.RestAsync()).Should().Equal(new Event(
            "error", """{"error":"The request did not finish within its deadline of 2 s (--request_timeout_seconds): it was in explain."}"""));
    }

    [Fact]
    public async Task Caller_WhoGoesAway_StopsTheSearch()
    {
        var stopped = new TaskCompletionSource();
        await using SidecarTestHost host = await ExplainEventTests.StartAsync(async context =>
        {
            context.Progress!.Report(new ExplainProgress("here"));
            using CancellationTokenRegistration _ = context.Cancellation.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, context.Cancellation);
            return WatchedModel.Sum;
        });

        using (WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host)))
        {
            await call.NextAsync();
        }

        await stopped.Task.WaitAsync(WatchedCall.Most);
        await host.StopAsync();
        host.Logs.Should().Contain(static l => l.Message.Contains("Canceled: The caller went away"));
        host.AssertNoErrors();
    }

    [Fact]
    public async Task Caller_WhoDoesNotRead_HoldsNobodyUp_AndMissesAllButTheLatest()
    {
        // More than any buffer between the two would take.
        const int reports = 2000;
        string filling = new('x', 64 << 10);
        var through = new TaskCompletionSource();
        var read = new TaskCompletionSource();
        await using SidecarTestHost host = await ExplainEventTests.StartAsync(async context =>
        {
            for (int i = 1; i <= reports; i++)
            {
                context.Progress!.Report(new ExplainProgress($"{i} {filling}"));
                await Task.Yield();
            }

            through.SetResult();
            await read.Task;
            return WatchedModel.Sum;
        });

        using WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));
        await through.Task.WaitAsync(WatchedCall.Most);
        read.SetResult();
        List<Event> events = await call.RestAsync();

        events[^1].Should().Be(new Event("explanation", """{"sum":3}"""));
        events[^2].Data.Should().StartWith($$"""{"message":"{{reports}} x""");
        events.Count.Should().BeInRange(2, reports / 2);
    }

    [Fact]
    public async Task Reports_FromManyThreadsAndAfterTheEnd_AreNoTrouble()
    {
        IProgress<ExplainProgress>? kept = null;
        await using SidecarTestHost host = await ExplainEventTests.StartAsync(context =>
        {
            kept = context.Progress;
            Parallel.For(0, 1000, i => kept!.Report(new ExplainProgress("row " + i)));
            kept!.Report(new ExplainProgress("last"));
            return new(WatchedModel.Sum);
        });

        using WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));
        List<Event> events = await call.RestAsync();
        Action late = () => kept!.Report(new ExplainProgress("too late"));

        late.Should().NotThrow();
        events[^2].Data.Should().Contain("\"last\"");
        events[^1].Name.Should().Be("explanation");
    }
}
