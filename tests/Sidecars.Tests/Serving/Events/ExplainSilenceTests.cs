using Microsoft.Extensions.Time.Testing;
using Sidecars.Testing;
using Sidecars.Tests.OpenAi;
using Event = Sidecars.Tests.Serving.Events.WatchedCall.Event;

namespace Sidecars.Tests.Serving.Events;

/// <summary>Explainers that say nothing for long, and what keeps their callers' connections open meanwhile.</summary>
public sealed class ExplainSilenceTests
{
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(15);

    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _go = new();

    [Fact]
    public async Task Explainer_SilentFromTheStart_GetsACommentEveryFifteenSeconds_AndTheExplanationAfterThem()
    {
        await using SidecarTestHost host = await StartAsync(async _ =>
        {
            await _go.Task;
            return WatchedModel.Sum;
        });

        Task<HttpResponseMessage> asked = WatchedCall.PostAsync(host);
        await _time.AdvanceUntilAsync(asked, s_silence / 2);
        using WatchedCall call = await WatchedCall.OpenAsync(asked);
        for (int comments = 0; comments < 3; comments++)
        {
            Task comment = call.CommentAsync();
            await _time.AdvanceUntilAsync(comment, s_silence / 2);
            await comment;
        }

        _go.SetResult();

        (await call.RestAsync()).Should().Equal(new Event("explanation", """{"sum":3}"""));
    }

    [Fact]
    public async Task Silence_AfterAReport_IsCountedFromThat()
    {
        await using SidecarTestHost host = await StartAsync(async context =>
        {
            context.Progress!.Report(new ExplainProgress("here"));
            await _go.Task;
            return WatchedModel.Sum;
        });

        using WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));
        (await call.NextAsync())!.Name.Should().Be("progress");
        long began = _time.GetTimestamp();
        Task comment = call.CommentAsync();
        await _time.AdvanceUntilAsync(comment, TimeSpan.FromSeconds(1));
        await comment;

        _time.GetElapsedTime(began).Should().BeGreaterThanOrEqualTo(s_silence);
        _go.SetResult();
        (await call.RestAsync()).Should().Equal(new Event("explanation", """{"sum":3}"""));
    }

    [Fact]
    public async Task Comment_OnceSent_LeavesErrorsToTheEvents()
    {
        await using SidecarTestHost host = await StartAsync(async _ =>
        {
            await _go.Task;
            throw InferenceException.InvalidInput("no such option");
        });

        Task<HttpResponseMessage> asked = WatchedCall.PostAsync(host);
        await _time.AdvanceUntilAsync(asked, s_silence / 2);
        using WatchedCall call = await WatchedCall.OpenAsync(asked);
        _go.SetResult();

        (await call.RestAsync()).Should().Equal(new Event("error", """{"error":"no such option"}"""));
    }

    [Fact]
    public async Task Answer_ThatIsEventsOfItsOwn_IsNotInterrupted()
    {
        // Each part ends within a line: a comment between them would become part of it.
        var time = _time;
        async IAsyncEnumerable<ReadOnlyMemory<byte>> Parts()
        {
            yield return "event: mine\nda"u8.ToArray();
            for (int i = 0; i < 8; i++)
            {
                time.Advance(s_silence);
                await Task.Yield();
            }

            yield return "ta: 1\n\n"u8.ToArray();
        }

        await using SidecarTestHost host = await StartAsync(_ => new(InferResponse.FromStream(Parts(), "text/event-stream")));

        using WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));

        (await call.RestAsync()).Should().Equal(new Event("mine", "1"));
    }

    [Fact]
    public async Task Caller_WhoLeavesDuringTheSilence_StopsTheSearch()
    {
        var stopped = new TaskCompletionSource();
        await using SidecarTestHost host = await StartAsync(async context =>
        {
            using CancellationTokenRegistration _ = context.Cancellation.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, context.Cancellation);
            return WatchedModel.Sum;
        });

        Task<HttpResponseMessage> asked = WatchedCall.PostAsync(host);
        await _time.AdvanceUntilAsync(asked, s_silence / 2);
        using (WatchedCall call = await WatchedCall.OpenAsync(asked))
        {
            await call.CommentAsync();
        }

        await stopped.Task.WaitAsync(WatchedCall.Most);
        await host.StopAsync();
        host.AssertNoErrors();
    }

    [Fact]
    public async Task Stop_WhileAnExplanationIsWatched_LetsItComeToItsEnd()
    {
        await using SidecarTestHost host = await StartAsync(async context =>
        {
            context.Progress!.Report(new ExplainProgress("here"));
            await _go.Task;
            return WatchedModel.Sum;
        });

        using WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));
        (await call.NextAsync())!.Name.Should().Be("progress");
        Task stopping = host.StopAsync();
        Task comment = call.CommentAsync();
        await _time.AdvanceUntilAsync(comment, s_silence / 2);
        await comment;
        stopping.IsCompleted.Should().BeFalse("an explanation is in flight");
        _go.SetResult();

        (await call.RestAsync()).Should().Equal(new Event("explanation", """{"sum":3}"""));
        await stopping.WaitAsync(WatchedCall.Most);
        host.AssertNoErrors();
    }

    private Task<SidecarTestHost> StartAsync(Func<InferenceContext, ValueTask<InferResponse>> explain) =>
        ExplainEventTests.StartAsync(explain, _time);
}
