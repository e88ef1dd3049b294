using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Sidecars.Tests.OpenAi;

public class OpenAiStreamTests
{
    private const string Chat = """{"model":"llm","messages":[],"stream":true}""";
    private const string Route = "/openai/v1/chat/completions";

    [Fact]
    public async Task Stream_EachChunk_ReachesTheCallerBeforeThePredictorSendsTheNext()
    {
        var gates = new[] { NewGate(), NewGate() };
        await using ScriptedUpstream upstream = ScriptedUpstream.Start(async (_, stream) =>
        {
            await ScriptedUpstream.BeginStreamAsync(stream);
            await ScriptedUpstream.WriteChunkAsync(stream, "data: {\"n\":1}\n\n");
            await gates[0].Task;
            await ScriptedUpstream.WriteChunkAsync(stream, "data: {\"n\":2}\n\n");
            await gates[1].Task;
            await ScriptedUpstream.WriteChunkAsync(stream, "data: [DONE]\n\n");
            await ScriptedUpstream.EndStreamAsync(stream);
        });
        var model = new HookedModel();
        await using OpenAiServer server = await OpenAiServer.StartAsync(s => s.AddModel(_ => model, "llm"), "--predictor_host", upstream.Host);

        using EventStream events = await EventStream.OpenAsync(server.PostAsync(Route, Chat));

        (await events.NextAsync()).Should().Be("""{"n":1,"mark":"PostprocessChatCompletionChunk"}""");
        gates[0].SetResult();
        (await events.NextAsync()).Should().Be("""{"n":2,"mark":"PostprocessChatCompletionChunk"}""");
        gates[1].SetResult();
        (await events.RestAsync()).Should().Equal("[DONE]");
        model.Calls.Should().Equal(
            """PreprocessChatCompletionRequest {"model":"llm","messages":[],"stream":true}""",
            """PostprocessChatCompletionChunk {"n":1}""",
            """PostprocessChatCompletionChunk {"n":2}""");
        string metrics = (await server.GetAsync("/metrics")).Body;
        metrics.Should().Contain("outcome=\"ok\",protocol=\"openai\"").And.Contain("request_postprocess_seconds_count{model_name=\"llm\"} 1.0\n");
    }

    [Fact]
    public async Task Stream_ChunkHookReturnsNull_ChunkIsKeptBack()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Streaming("""{"text":"a"}""", """{"text":"secret"}""", """{"text":"b"}""", "[DONE]");
        await using OpenAiServer server = await OpenAiServer.StartAsync<HookedModel>(upstream.Host);

        using EventStream events = await EventStream.OpenAsync(
            server.PostAsync("/openai/v1/completions", """{"model":"llm","prompt":"p","stream":true}"""));

        (await events.RestAsync()).Should().Equal(
            """{"text":"a","mark":"PostprocessCompletionChunk"}""", """{"text":"b","mark":"PostprocessCompletionChunk"}""", "[DONE]");
    }

    [Fact]
    public async Task Stream_BytesCutAnywhere_SameEvents()
    {
        const string text = ": ping\r\n\r\nevent: x\r\nid: 7\r\ndata: {\"n\":\r\ndata:1}\r\n\r\ndata: {\"t\":\"é\"}\n\ndata: [DONE]\n\n";
        await using ScriptedUpstream upstream = ScriptedUpstream.Start(async (_, stream) =>
        {
            await ScriptedUpstream.BeginStreamAsync(stream);
            foreach (char each in text)
            {
                await ScriptedUpstream.WriteChunkAsync(stream, each.ToString());
            }

            await ScriptedUpstream.EndStreamAsync(stream);
        });
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(upstream.Host);

        using EventStream events = await EventStream.OpenAsync(server.PostAsync(Route, Chat));

        (await events.RestAsync()).Should().Equal("""{"n":1}""", """{"t":"é"}""", "[DONE]");
    }

    [Theory]
    [InlineData(false, "closed the connection before its answer was complete")]
    [InlineData(true, "ended its answer before it was complete")]
    public async Task Stream_PredictorBreaksOff_ErrorEventAndNoDone(bool properly, string reason)
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Start(async (_, stream) =>
        {
            await ScriptedUpstream.BeginStreamAsync(stream);
            await ScriptedUpstream.WriteChunkAsync(stream, "data: {\"n\":1}\n\n");
            if (properly)
            {
                await ScriptedUpstream.EndStreamAsync(stream);
            }
        });
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(upstream.Host);

        using EventStream events = await EventStream.OpenAsync(server.PostAsync(Route, Chat));
        List<string> all = await events.RestAsync();

        all.Should().HaveCount(2);
        all[0].Should().Be("""{"n":1}""");
        JsonObject error = OpenAiServer.ErrorOf(all[1]);
        error["message"]!.GetValue<string>().Should().Be($"The predictor at {upstream.Host} {reason}.");
        error["type"]!.GetValue<string>().Should().Be("server_error");
        error["code"]!.GetValue<string>().Should().Be("predictor_answer_unreadable");
        (await server.GetAsync("/metrics")).Body.Should().Contain("outcome=\"PredictorBody\",protocol=\"openai\"");
    }

    [Fact]
    public async Task Stream_PredictorSendsAnErrorEvent_ItEndsTheStreamUnchanged()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Streaming(
            """{"n":1}""", """{"error":{"message":"out of memory","type":"InternalServerError","param":null,"code":500}}""", "[DONE]");
        await using OpenAiServer server = await OpenAiServer.StartAsync<HookedModel>(upstream.Host);

        using EventStream events = await EventStream.OpenAsync(server.PostAsync(Route, Chat));

        (await events.RestAsync()).Should().Equal(
            """{"n":1,"mark":"PostprocessChatCompletionChunk"}""",
            """{"error":{"message":"out of memory","type":"InternalServerError","param":null,"code":500}}""");
    }

    [Theory]
    [InlineData("""{"error":{"message":"no room","code":503}}""", 503, "no room")]
    [InlineData("""{"error":"bad"}""", 502, "bad")]
    public async Task Stream_ErrorBeforeTheFirstChunk_HasAStatusOfItsOwn(string first, int expected, string message)
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Streaming(first);
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(upstream.Host);

        (HttpStatusCode status, JsonObject error) = await server.FailAsync(Route, Chat);

        ((int)status).Should().Be(expected);
        error["message"]!.GetValue<string>().Should().Be(message);
    }

    [Fact]
    public async Task Stream_RefusedByThePredictor_StatusAndErrorPassThrough()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering(
            """{"error":{"message":"slow down","type":"rate","code":"r","extra":1}}""", 429, "Retry-After: 7\r\n");
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(upstream.Host);

        using HttpResponseMessage answer = await server.PostAsync(Route, Chat);

        ((int)answer.StatusCode).Should().Be(429);
        answer.Headers.RetryAfter!.ToString().Should().Be("7");
        (await answer.Content.ReadAsStringAsync()).Should()
            .Be("""{"error":{"message":"slow down","type":"rate","code":"r","extra":1,"param":null}}""");
    }

    [Fact]
    public async Task Stream_AnsweredInOnePiece_502()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering("{}");
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(upstream.Host);

        (HttpStatusCode status, JsonObject error) = await server.FailAsync(Route, Chat);

        status.Should().Be(HttpStatusCode.BadGateway);
        error["message"]!.GetValue<string>().Should().Contain("a stream was asked for, and its type is application/json");
    }

    [Fact]
    public async Task Stream_EventIsNoJson_ErrorEvent()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Streaming("""{"n":1}""", "oops", "[DONE]");
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(upstream.Host);

        using EventStream events = await EventStream.OpenAsync(server.PostAsync(Route, Chat));
        List<string> all = await events.RestAsync();

        all.Should().HaveCount(2);
        OpenAiServer.ErrorOf(all[1])["message"]!.GetValue<string>().Should().Contain("it is not a JSON object");
    }

    [Fact]
    public async Task Stream_HookThrows_CallerReadsNoDetails()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Streaming("""{"n":1}""", """{"n":2}""", "[DONE]");
        await using OpenAiServer server = await OpenAiServer.StartAsync<Failing>(upstream.Host);
        server.ExpectsErrors = true;

        using EventStream events = await EventStream.OpenAsync(server.PostAsync(Route, Chat, ("x-request-id", "r1")));
        List<string> all = await events.RestAsync();

        all.Should().Equal(
            """{"n":1}""",
            """{"error":{"message":"Internal server error. Request id: r1","type":"server_error","param":null,"code":null}}""");
        server.Logs.Should().ContainSingle(r => r.Level == LogLevel.Error).Which.Exception!.Message.Should().Be("private");
    }

    [Fact]
    public async Task Stream_CallerLeaves_PredictorsConnectionCloses()
    {
        TaskCompletionSource closed = NewGate();
        await using ScriptedUpstream upstream = ScriptedUpstream.Start(async (_, stream) =>
        {
            await ScriptedUpstream.BeginStreamAsync(stream);
            await ScriptedUpstream.WriteChunkAsync(stream, "data: {\"n\":1}\n\n");
            try
            {
                (await stream.ReadAsync(new byte[1])).Should().Be(0);
            }
            catch (IOException)
            {
                // A reset is a close as well.
            }

            closed.SetResult();
        });
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(upstream.Host);

        using (EventStream events = await EventStream.OpenAsync(server.PostAsync(Route, Chat)))
        {
            (await events.NextAsync()).Should().Be("""{"n":1}""");
        }

        await closed.Task.WaitAsync(OpenAiServer.Most);
    }

    [Fact]
    public async Task Stream_NothingComesForTheTimeout_ErrorEvent()
    {
        TaskCompletionSource over = NewGate();
        await using ScriptedUpstream upstream = ScriptedUpstream.Start(async (_, stream) =>
        {
            await ScriptedUpstream.BeginStreamAsync(stream);
            await ScriptedUpstream.WriteChunkAsync(stream, "data: {\"n\":1}\n\n");
            await over.Task;
        });
        await using OpenAiServer server = await OpenAiServer.StartAsync(
            s => s.AddModel<OpenAIProxyModel>("llm"),
            "--predictor_host", upstream.Host, "--predictor_request_timeout_seconds", "5");

        using EventStream events = await EventStream.OpenAsync(server.PostAsync(Route, Chat));
        (await events.NextAsync()).Should().Be("""{"n":1}""");
        Task<string?> next = events.NextAsync();
        await server.Time.AdvanceUntilAsync(next, TimeSpan.FromSeconds(5));

        JsonObject error = OpenAiServer.ErrorOf((await next)!);
        error["message"]!.GetValue<string>().Should()
            .Be($"The predictor at {upstream.Host} did not answer within 5 s (--predictor_request_timeout_seconds).");
        error["code"]!.GetValue<string>().Should().Be("predictor_timeout");
        (await events.RestAsync()).Should().BeEmpty();
        over.SetResult();
    }

    private static TaskCompletionSource NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Failing : OpenAIProxyModel
    {
        protected override JsonObject? PostprocessChatCompletionChunk(JsonObject chunk, InferenceContext context) =>
            (int)chunk["n"]! == 2 ? throw new InvalidOperationException("private") : chunk;
    }
}
