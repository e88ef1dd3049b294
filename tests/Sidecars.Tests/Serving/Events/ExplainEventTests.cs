using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Sidecars.Testing;
using Sidecars.Tests.OpenAi;
using Event = Sidecars.Tests.Serving.Events.WatchedCall.Event;

namespace Sidecars.Tests.Serving.Events;

/// <summary>What a caller who watches an explanation gets, over real sockets.</summary>
public sealed class ExplainEventTests
{
    [Fact]
    public async Task Progress_Reported_ArrivesBeforeTheExplanationIsMade()
    {
        var time = new FakeTimeProvider();
        var go = new TaskCompletionSource[] { new(), new() };
        await using SidecarTestHost host = await StartAsync(
            async context =>
            {
                context.Progress!.Report(new ExplainProgress("rules of \"1\" condition", 0.25));
                await go[0].Task;
                context.Progress.Report(new ExplainProgress("rules of 2 conditions"));
                await go[1].Task;
                return WatchedModel.Sum;
            },
            time);

        using WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));

        (await call.NextAsync()).Should().Be(new Event("progress", """{"message":"rules of \"1\" condition","fraction":0.25,"elapsed_seconds":0.0}"""));
        time.Advance(TimeSpan.FromSeconds(1.5));
        go[0].SetResult();
        Task<Event?> second = call.NextAsync();
        await time.AdvanceUntilAsync(second, TimeSpan.FromMilliseconds(10));
        (await second).Should().Be(new Event("progress", """{"message":"rules of 2 conditions","fraction":null,"elapsed_seconds":1.5}"""));
        go[1].SetResult();
        (await call.RestAsync()).Should().Equal(new Event("explanation", """{"sum":3}"""));
        call.Answer.Headers.CacheControl!.ToString().Should().Be("no-cache");
        call.Answer.Headers.Vary.Should().Equal("Accept");
        call.Answer.Headers.GetValues("X-Accel-Buffering").Should().Equal("no");
        string metrics = await host.Http.GetStringAsync("/metrics");
        metrics.Should().Contain("outcome=\"ok\",protocol=\"v1\",verb=\"explain\"").And.Contain("request_explain_seconds_count{model_name=\"model\"} 1");
    }

    [Fact]
    public async Task Explanation_WithoutAnyProgress_IsTheOnlyEvent()
    {
        await using SidecarTestHost host = await StartAsync(static _ => new(WatchedModel.Sum));

        using WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));

        (await call.RestAsync()).Should().Equal(new Event("explanation", """{"sum":3}"""));
    }

    [Theory]
    [InlineData(-1.0, "0.0")]
    [InlineData(1.5, "1.0")]
    [InlineData(double.NaN, "null")]
    public async Task Fraction_OutsideItsRange_IsBroughtIntoIt(double fraction, string sent)
    {
        await using SidecarTestHost host = await StartAsync(
            context =>
            {
                context.Progress!.Report(new ExplainProgress("here", fraction));
                return new(WatchedModel.Sum);
            },
            new FakeTimeProvider());

        using WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));

        (await call.NextAsync())!.Data.Should().Be($$"""{"message":"here","fraction":{{sent}},"elapsed_seconds":0.0}""");
    }

    [Fact]
    public async Task PlainExplain_OfAV2Caller_IsWatchedTheSameWay()
    {
        await using SidecarTestHost host = await StartAsync(static context =>
        {
            context.Progress!.Report(new ExplainProgress("here"));
            return new(WatchedModel.Sum);
        });

        using WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(
            host, """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}""", "/explain"));

        (await call.RestAsync()).Select(static e => e.Name).Should().Equal("progress", "explanation");
    }

    [Fact]
    public async Task Explainer_ThatExplainsHooks_CanReportToo()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(
            static b => b.Sidecar.AddModel<Proxy>().UseExplainer(static _ => new Reporting()), new ScriptedPredictor());

        using WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));

        (await call.NextAsync())!.Data.Should().StartWith("""{"message":"varying rows","fraction":0.5""");
        (await call.RestAsync()).Should().Equal(new Event("explanation", """{"sum":3}"""));
    }

    [Theory]
    [InlineData("text/html; charset=utf-8", "<p>\r\n<b>rule</b>\r</p>\n", "<p>\n<b>rule</b>\n</p>\n")]
    [InlineData("text/plain", "", "")]
    public async Task Explanation_ThatIsNoJson_ComesAfterItsMediaType(string type, string text, string read)
    {
        await using SidecarTestHost host = await StartAsync(_ => new(InferResponse.FromText(text, type)));

        using WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host, accept: "text/event-stream, text/html"));

        (await call.RestAsync()).Should().Equal(new Event("media-type", type), new Event("explanation", read));
    }

    [Fact]
    public async Task Explanation_InParts_IsPutTogether_AndPartsThatAreEventsStayAsTheyAre()
    {
        string type = "application/json";
        string[] parts = [];
        await using SidecarTestHost host = await StartAsync(context =>
        {
            context.Progress!.Report(new ExplainProgress("here"));
            return new(InferResponse.FromStream(parts.ToAsyncEnumerable(), type));
        });

        parts = ["""{"a":""", "1}"];
        using WatchedCall whole = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));
        (await whole.RestAsync())[1..].Should().Equal(new Event("explanation", """{"a":1}"""));

        (type, parts) = ("text/event-stream", ["event: mine\nda", "ta: 1\n\n"]);
        using WatchedCall own = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));
        (await own.RestAsync())[1..].Should().Equal(new Event("mine", "1"));
    }

    [Fact]
    public async Task Explanation_OfNoEventsAtAll_IsAStreamAllTheSame()
    {
        await using SidecarTestHost host = await StartAsync(
            static _ => new(InferResponse.FromStream(AsyncEnumerable.Empty<string>(), "text/event-stream")));

        using WatchedCall call = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));

        (await call.RestAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Explanation_ThatIsNoText_IsRefusedWithTheWayToGetIt()
    {
        await using SidecarTestHost host = await StartAsync(static _ => new(InferResponse.FromBytes(new byte[] { 0x89, 0xFF }, "image/png")));

        using HttpResponseMessage answer = await WatchedCall.PostAsync(host);

        ((int)answer.StatusCode).Should().Be(400);
        (await answer.ErrorAsync()).Should().Be(
            "The explanation is image/png and no UTF-8 text: it cannot come as text/event-stream. Ask without that in Accept.");
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("text/*")]
    [InlineData("application/json, text/event-stream;q=0")]
    public async Task Caller_WhoDoesNotNameEvents_GetsTheExplanationAlone(string accept)
    {
        bool watched = true;
        await using SidecarTestHost host = await StartAsync(context =>
        {
            watched = context.Progress is not null;
            return new(WatchedModel.Sum);
        });

        using HttpResponseMessage answer = await WatchedCall.PostAsync(host, accept: accept);

        (await answer.Content.ReadAsStringAsync()).Should().Be("""{"sum":3}""");
        answer.Content.Headers.ContentType!.ToString().Should().Be("application/json");
        watched.Should().BeFalse();
    }

    [Fact]
    public async Task PredictAndCloudEvents_WithEventsAccepted_AnswerAsEver()
    {
        await using SidecarTestHost host = await StartAsync(static context =>
            new(InferResponse.FromJson(new JsonObject { ["watched"] = context.Progress is not null })));

        using HttpResponseMessage predict = await WatchedCall.PostAsync(host, path: TestCalls.V1Predict);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/models/model:explain")
        {
            Headers = { { "Accept", "text/event-stream" } },
            Content = new StringContent(
                """{"specversion":"1.0","id":"1","source":"s","type":"t","time":"2026-01-01T00:00:00Z","data":{"instances":[[1,2]]}}""",
                MediaTypeHeaderValue.Parse("application/cloudevents+json")),
        };
        using HttpResponseMessage structured = await host.Http.SendAsync(request);

        (await predict.Content.ReadAsStringAsync()).Should().Be("""{"predictions":[1]}""");
        structured.Content.Headers.ContentType!.MediaType.Should().Be("application/cloudevents+json");
        (await structured.ReadJsonAsync()).GetProperty("data").GetRawText().Should().Be("""{"watched": false}""");
    }

    [Fact]
    public async Task Headers_ThatAHookSets_AreLeftOutWhereTheAnswerHasBegun()
    {
        await using SidecarTestHost host = await StartAsync(static context =>
        {
            context.Progress?.Report(new ExplainProgress("here"));
            context.ResponseHeaders["x-set"] = "by the hook";
            return new(WatchedModel.Sum);
        });

        using WatchedCall watched = await WatchedCall.OpenAsync(WatchedCall.PostAsync(host));
        using HttpResponseMessage plain = await WatchedCall.PostAsync(host, accept: "application/json");

        (await watched.RestAsync())[^1].Should().Be(new Event("explanation", """{"sum":3}"""));
        watched.Answer.Headers.Contains("x-set").Should().BeFalse();
        plain.Headers.GetValues("x-set").Should().Equal("by the hook");
    }

    internal static Task<SidecarTestHost> StartAsync(
        Func<InferenceContext, ValueTask<InferResponse>> explain, TimeProvider? time = null, params string[] flags) =>
        SidecarTestHost.StartAsync(
            b =>
            {
                b.Sidecar.AddModel(_ => new WatchedModel(explain));
                if (time is not null)
                {
                    b.Services.AddSingleton(time);
                }
            },
            null,
            flags);

    private sealed class Reporting : IExplainer
    {
        public bool ExplainsHooks => true;

        public ValueTask LoadAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask<InferResponse> ExplainAsync(InferRequest request, InferenceContext context)
        {
            context.Progress!.Report(new ExplainProgress("varying rows", 0.5));
            return new(WatchedModel.Sum);
        }
    }
}
