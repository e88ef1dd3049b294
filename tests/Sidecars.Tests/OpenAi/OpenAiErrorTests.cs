using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Sidecars.Tests.OpenAi;

public class OpenAiErrorTests
{
    private const string Route = "/openai/v1/chat/completions";
    private const string Chat = """{"model":"llm","messages":[]}""";

    [Theory]
    [InlineData("", 400, null, null, "Unrecognized request format: the body is empty")]
    [InlineData("[1]", 400, null, null, "Unrecognized request format: a JSON object is expected")]
    [InlineData("""{"messages":[]}""", 400, "model", null, "'model' must be the name of a model.")]
    [InlineData("""{"model":7,"messages":[]}""", 400, "model", null, "'model' must be the name of a model.")]
    [InlineData("""{"model":"llm"}""", 400, "messages", null, "'messages' must be a list.")]
    [InlineData("""{"model":"llm","messages":"hi"}""", 400, "messages", null, "'messages' must be a list.")]
    [InlineData("""{"model":"llm","messages":[],"stream":"yes"}""", 400, "stream", null, "'stream' must be true or false.")]
    [InlineData("""{"model":"gpt","messages":[]}""", 404, "model", "model_not_found", "Model with name gpt does not exist.")]
    [InlineData("""{"model":"plain","messages":[]}""", 404, "model", "model_not_found", "Model with name plain does not exist.")]
    [InlineData("""{"model":"cold","messages":[]}""", 503, null, "model_not_ready", "Model with name cold is not ready.")]
    public async Task Request_Wrong_SaysWhat(string body, int expected, string? parameter, string? code, string message)
    {
        await using OpenAiServer server = await OpenAiServer.StartAsync(
            s => s.AddModel<OpenAIProxyModel>("llm").AddModel<Cold>("cold").AddModel<Plain>("plain"));

        (HttpStatusCode status, JsonObject error) = await server.FailAsync(Route, body);

        ((int)status).Should().Be(expected);
        ((string?)error["message"], (string?)error["param"], (string?)error["code"]).Should().Be((message, parameter, code));
        ((string?)error["type"]).Should().Be(expected < 500 ? "invalid_request_error" : "server_error");
    }

    [Fact]
    public async Task Request_BrokenOrTooDeepJson_400()
    {
        await using OpenAiServer server = await OpenAiServer.StartAsync(s => s.AddModel<OpenAIProxyModel>("llm"), "--max_json_depth", "4");

        (HttpStatusCode broken, JsonObject error) = await server.FailAsync(Route, """{"model":"llm",}""");
        (HttpStatusCode deep, _) = await server.FailAsync(Route, """{"model":"llm","messages":[[[[[1]]]]]}""");

        (broken, deep).Should().Be((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest));
        ((string)error["message"]!).Should().StartWith("Unrecognized request format: ");
    }

    [Fact]
    public async Task Request_TooLarge_413()
    {
        await using OpenAiServer server = await OpenAiServer.StartAsync(
            s => s.AddModel<OpenAIProxyModel>("llm"), "--max_request_body_size", "40");

        (HttpStatusCode status, JsonObject error) = await server.FailAsync(Route, """{"model":"llm","messages":["0123456789"]}""");

        status.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        ((string)error["code"]!).Should().Be("request_too_large");
    }

    [Fact]
    public async Task Gate_Full_503WithRetryAfter()
    {
        TaskCompletionSource arrived = new(), answer = new();
        await using ScriptedUpstream upstream = ScriptedUpstream.Start(async (_, stream) =>
        {
            arrived.SetResult();
            await answer.Task;
            await ScriptedUpstream.AnswerAsync(stream, "{}");
        });
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(
            upstream.Host, "--max_concurrent_requests", "1", "--max_queued_requests", "0");
        using var second = new HttpClient { BaseAddress = server.Client.BaseAddress };

        Task<(HttpStatusCode Status, string Body)> first = server.AskAsync(Route, Chat);
        await arrived.Task.WaitAsync(OpenAiServer.Most);
        using HttpResponseMessage refused = await second.PostAsync(Route, new StringContent(Chat));
        answer.SetResult();

        refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter!.ToString().Should().Be("1");
        ((string)OpenAiServer.ErrorOf(await refused.Content.ReadAsStringAsync())["code"]!).Should().Be("overloaded");
        (await first).Status.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"m","type":"t","param":"p","code":"c"}}""", """{"error":{"message":"m","type":"t","param":"p","code":"c"}}""")]
    [InlineData(404, """{"object":"error","message":"m","type":"NotFoundError","param":null,"code":404}""", """{"error":{"object":"error","message":"m","type":"NotFoundError","param":null,"code":404}}""")]
    [InlineData(503, """{"error":"Model with name m is not ready."}""", """{"error":{"message":"Model with name m is not ready.","type":"server_error","param":null,"code":null}}""")]
    [InlineData(401, "{}", """{"error":{"message":"{}","type":"authentication_error","param":null,"code":null}}""")]
    public async Task Predictor_Refuses_StatusAndErrorPassThrough(int status, string body, string expected)
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering(body, status);
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(upstream.Host);

        (HttpStatusCode answered, string text) = await server.AskAsync(Route, Chat);

        ((int)answered).Should().Be(status);
        text.Should().Be(expected);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    public async Task Predictor_AnswersNoObject_502(string body)
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering(body);
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(upstream.Host);

        (HttpStatusCode status, JsonObject error) = await server.FailAsync(Route, Chat);

        status.Should().Be(HttpStatusCode.BadGateway);
        ((string)error["message"]!).Should().Be($"The predictor at {upstream.Host} sent an answer that cannot be read: it is not a JSON object.");
    }

    [Fact]
    public async Task Predictor_Unreachable_503()
    {
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(nobody.LocalEndPoint!.ToString()!);

        (HttpStatusCode status, JsonObject error) = await server.FailAsync(Route, Chat);
        (HttpStatusCode streamed, _) = await server.FailAsync(Route, """{"model":"llm","messages":[],"stream":true}""");

        (status, streamed).Should().Be((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable));
        ((string)error["code"]!).Should().Be("predictor_unreachable");
    }

    [Fact]
    public async Task Predictor_None_501()
    {
        await using OpenAiServer server = await OpenAiServer.StartAsync(s => s.AddModel<OpenAIProxyModel>("llm"));

        (HttpStatusCode status, JsonObject error) = await server.FailAsync(Route, Chat);

        status.Should().Be(HttpStatusCode.NotImplemented);
        ((string)error["message"]!).Should().Be("Could not find predictor_host.");
    }

    [Theory]
    [InlineData("--predictor_request_timeout_seconds", "predictor_timeout")]
    [InlineData("--request_timeout_seconds", "timeout")]
    public async Task Predictor_TooSlow_504(string flag, string code)
    {
        TaskCompletionSource over = new();
        await using ScriptedUpstream upstream = ScriptedUpstream.Start((_, _) => over.Task);
        await using OpenAiServer server = await OpenAiServer.StartAsync(
            s => s.AddModel<OpenAIProxyModel>("llm"),
            "--predictor_host", upstream.Host, flag, "5");

        Task<(HttpStatusCode Status, JsonObject Error)> asked = server.FailAsync(Route, Chat);
        await server.Time.AdvanceUntilAsync(asked, TimeSpan.FromSeconds(5));

        (await asked).Status.Should().Be(HttpStatusCode.GatewayTimeout);
        ((string)(await asked).Error["code"]!).Should().Be(code);
        over.SetResult();
    }

    [Fact]
    public async Task Predictor_Busy_IsAskedAgainWhenRetriesAreOn()
    {
        int calls = 0;
        await using ScriptedUpstream upstream = ScriptedUpstream.Start((_, stream) =>
            Interlocked.Increment(ref calls) == 1 ? ScriptedUpstream.AnswerAsync(stream, "{}", 503) : ScriptedUpstream.AnswerAsync(stream, """{"n":2}"""));
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(
            upstream.Host, "--predictor_request_retries", "1", "--predictor_request_timeout_seconds", "2147483");

        Task<(HttpStatusCode, string)> asked = server.AskAsync(Route, Chat);
        await server.Time.AdvanceUntilAsync(asked, TimeSpan.FromSeconds(0.1));

        (await asked).Should().Be((HttpStatusCode.OK, """{"n":2}"""));
        upstream.Requests.Select(r => r.Body).Should().Equal(Chat, Chat);
    }

    [Fact]
    public async Task Hook_Refuses_ItsMessageReachesTheCaller()
    {
        await using OpenAiServer server = await OpenAiServer.StartAsync<Refusing>("127.0.0.1:1");

        (HttpStatusCode status, JsonObject error) = await server.FailAsync(Route, Chat);

        status.Should().Be(HttpStatusCode.BadRequest);
        ((string)error["message"]!).Should().Be("Not about that.");
    }

    private sealed class Plain : Model;

    private sealed class Cold : OpenAIProxyModel
    {
        protected internal override ValueTask LoadAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
    }

    private sealed class Refusing : OpenAIProxyModel
    {
        protected override JsonObject PreprocessChatCompletionRequest(JsonObject request, InferenceContext context) =>
            throw InferenceException.InvalidInput("Not about that.");
    }
}
