using System.Net;
using System.Text.Json.Nodes;

namespace Sidecars.Tests.OpenAi;

public class OpenAiRouteTests
{
    [Theory]
    [InlineData("completions", "PreprocessCompletionRequest", "PostprocessCompletion", """{"model":"llm","prompt":"p"}""")]
    [InlineData("chat/completions", "PreprocessChatCompletionRequest", "PostprocessChatCompletion", """{"model":"llm","messages":[]}""")]
    [InlineData("embeddings", "PreprocessEmbeddingRequest", "PostprocessEmbedding", """{"model":"llm","input":["a"]}""")]
    [InlineData("rerank", "PreprocessRerankRequest", "PostprocessRerank", """{"model":"llm","query":"q"}""")]
    public async Task Post_AnyKind_RunsItsHooksAroundThePredictor(string route, string before, string after, string request)
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering("""{"object":"x","big":12345678901234567890.10,"text":"é<"}""");
        var model = new HookedModel();
        await using OpenAiServer server = await OpenAiServer.StartAsync(s => s.AddModel(_ => model, "llm"), "--predictor_host", upstream.Host);

        (HttpStatusCode status, string body) = await server.AskAsync("/openai/v1/" + route, request);

        status.Should().Be(HttpStatusCode.OK);
        body.Should().Be($$"""{"object":"x","big":12345678901234567890.10,"text":"é<","mark":"{{after}}"}""");
        upstream.Only.Method.Should().Be("POST");
        upstream.Only.Path.Should().Be("/openai/v1/" + route);
        upstream.Only.Headers["Content-Type"].Should().Be("application/json");
        upstream.Only.Body.Should().Be(request[..^1] + $$""","mark":"{{before}}"}""");
        model.Calls.Select(call => call.Split(' ')[0]).Should().Equal(before, after);
    }

    [Fact]
    public async Task Post_FieldsNobodyKnows_PassThroughAsWritten()
    {
        const string request = """{"messages":[{"role":"user","content":null}],"stop":null,"seed":1.50,"model":"llm","n":{"a":[1e2,"\n"]}}""";
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering("""{"choices":[{"logprobs":null}]}""");
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(upstream.Host);

        (HttpStatusCode status, string body) = await server.AskAsync("/openai/v1/chat/completions", request);

        (status, body).Should().Be((HttpStatusCode.OK, """{"choices":[{"logprobs":null}]}"""));
        upstream.Only.Body.Should().Be(request);
    }

    [Fact]
    public async Task Post_KeyTwice_LastCounts()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering("""{"a":1,"a":{"b":2,"b":3}}""");
        await using OpenAiServer server = await OpenAiServer.StartAsync<HookedModel>(upstream.Host);

        (_, string body) = await server.AskAsync("/openai/v1/completions", """{"model":"x","n":[{"k":1,"k":2.50}],"model":"llm"}""");

        body.Should().Be("""{"a":{"b":3},"mark":"PostprocessCompletion"}""");
        upstream.Only.Body.Should().Be("""{"model":"llm","n":[{"k":2.50}],"mark":"PreprocessCompletionRequest"}""");
    }

    [Theory]
    [InlineData("", "", "/openai/v1/embeddings")]
    [InlineData("http://", "/", "/openai/v1/embeddings")]
    [InlineData("http://", "/api", "/api/v1/embeddings")]
    [InlineData("", "/a/b/", "/a/b/v1/embeddings")]
    public async Task PredictorHost_EachForm_GivesTheBase(string scheme, string path, string expected)
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering("{}");
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(scheme + upstream.Host + path);

        (await server.AskAsync("/openai/v1/embeddings", """{"model":"llm"}""")).Status.Should().Be(HttpStatusCode.OK);

        upstream.Only.Path.Should().Be(expected);
    }

    [Fact]
    public async Task RoutePrefix_Changed_MovesRoutesAndDefaultBase()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering("{}");
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(upstream.Host, "--openai_route_prefix", "llm/api");

        (await server.AskAsync("/llm/api/v1/completions", """{"model":"llm"}""")).Status.Should().Be(HttpStatusCode.OK);
        (await server.AskAsync("/openai/v1/completions", """{"model":"llm"}""")).Should().Be((HttpStatusCode.NotFound, """{"detail":"Not Found"}"""));

        upstream.Only.Path.Should().Be("/llm/api/v1/completions");
    }

    [Fact]
    public async Task RoutePrefix_Empty_LeavesKServesOwnRoutesAlone()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering("{}");
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(upstream.Host, "--openai_route_prefix", "");

        (await server.AskAsync("/v1/completions", """{"model":"llm"}""")).Status.Should().Be(HttpStatusCode.OK);
        (await server.GetAsync("/v1/models")).Body.Should().Be("""{"models":["llm"]}""");

        upstream.Only.Path.Should().Be("/v1/completions");
    }

    [Fact]
    public async Task PredictorUrl_Overridden_IsTheBase()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering("{}");
        await using OpenAiServer server = await OpenAiServer.StartAsync(s => s.AddModel(_ => new Elsewhere(upstream.Host), "llm"));

        (await server.AskAsync("/openai/v1/completions", """{"model":"llm"}""")).Status.Should().Be(HttpStatusCode.OK);

        upstream.Only.Path.Should().Be("/v1/completions");
    }

    [Fact]
    public async Task Model_NameOfAnotherOnThePredictor_IsRewrittenBeforeTheHook()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering("{}");
        var model = new HookedModel();
        await using OpenAiServer server = await OpenAiServer.StartAsync(
            s => s.AddModel(_ => model, "llm", "alias"), "--predictor_host", upstream.Host, "--predictor_model_name", "mistral-7b");

        await server.AskAsync("/openai/v1/embeddings", """{"model":"alias","input":"a"}""");

        model.Calls.First().Should().Be("""PreprocessEmbeddingRequest {"model":"mistral-7b","input":"a"}""");
        JsonNode.Parse(upstream.Only.Body)!["model"]!.GetValue<string>().Should().Be("mistral-7b");
    }

    [Fact]
    public async Task Headers_OnlyAllowedAndSetOnes_ReachThePredictor()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering("{}");
        await using OpenAiServer server = await OpenAiServer.StartAsync<Tenant>(upstream.Host);

        using HttpResponseMessage answer = await server.PostAsync(
            "/openai/v1/completions", """{"model":"llm"}""", ("x-request-id", "r1"), ("x-secret", "s"), ("Authorization", "Bearer caller"));

        answer.Headers.GetValues("x-served-by").Should().Equal("us");
        upstream.Only.Headers.Should().Contain("x-request-id", "r1").And.Contain("X-Tenant", "t").And.Contain("authorization", "Bearer ours");
        upstream.Only.Headers.Should().NotContainKey("x-secret");
    }

    [Fact]
    public async Task Models_Listed_AreTheLanguageModels()
    {
        await using OpenAiServer server = await OpenAiServer.StartAsync(
            s => s.AddModel<OpenAIProxyModel>("a", "b").AddModel<Plain>("plain"));

        (HttpStatusCode status, string body) = await server.GetAsync("/openai/v1/models");

        status.Should().Be(HttpStatusCode.OK);
        JsonNode list = JsonNode.Parse(body)!;
        list["object"]!.GetValue<string>().Should().Be("list");
        list["data"]!.AsArray().Select(m => m!["id"]!.GetValue<string>()).Should().Equal("a", "b");
        list["data"]![0]!["object"]!.GetValue<string>().Should().Be("model");
        list["data"]![0]!["created"]!.GetValue<long>().Should().BePositive();
    }

    [Fact]
    public async Task NoSuchModel_NoRoutes()
    {
        await using OpenAiServer server = await OpenAiServer.StartAsync(s => s.AddModel<Plain>("plain"));

        (await server.GetAsync("/openai/v1/models")).Should().Be((HttpStatusCode.NotFound, """{"detail":"Not Found"}"""));
        (await server.AskAsync("/openai/v1/completions", "{}")).Should().Be((HttpStatusCode.NotFound, """{"detail":"Not Found"}"""));
        (await server.GetAsync("/openapi.json")).Body.Should().NotContain("/openai");
    }

    [Fact]
    public async Task Routes_WrongMethodOrPath_AnswerAsOtherRoutesDo()
    {
        await using OpenAiServer server = await OpenAiServer.StartAsync(s => s.AddModel<OpenAIProxyModel>("a"));

        using HttpResponseMessage get = await server.Client.GetAsync("/openai/v1/chat/completions");
        using HttpResponseMessage slash = await server.Client.GetAsync("/openai/v1/models/");

        get.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        get.Content.Headers.Allow.Should().Equal("POST");
        (await get.Content.ReadAsStringAsync()).Should().Be("""{"detail":"Method Not Allowed"}""");
        slash.StatusCode.Should().Be(HttpStatusCode.TemporaryRedirect);
        slash.Headers.Location!.AbsolutePath.Should().Be("/openai/v1/models");
        (await server.AskAsync("/openai/v1/models", "{}")).Status.Should().Be(HttpStatusCode.MethodNotAllowed);
        (await server.AskAsync("/openai/v1/images", "{}")).Should().Be((HttpStatusCode.NotFound, """{"detail":"Not Found"}"""));
        (await server.AskAsync("/openai/v2/rerank", "{}")).Status.Should().Be(HttpStatusCode.NotFound);
        (await server.GetAsync("/openapi.json")).Body.Should().Contain("/openai/v1/chat/completions");
    }

    [Fact]
    public async Task Record_FinishedCalls_AreCountedAndTimed()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering("{}");
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(upstream.Host);

        await server.AskAsync("/openai/v1/completions", """{"model":"llm"}""");
        string metrics = (await server.GetAsync("/metrics")).Body;

        metrics.Should().Contain("sidecar_requests_total{model_name=\"llm\",outcome=\"ok\",protocol=\"openai\",verb=\"predict\"} 1.0\n");
        metrics.Should().Contain("request_preprocess_seconds_count{model_name=\"llm\"} 1.0\n");
        metrics.Should().Contain("request_predict_seconds_count{model_name=\"llm\"} 1.0\n");
        metrics.Should().Contain("request_postprocess_seconds_count{model_name=\"llm\"} 1.0\n");
        server.Logs.Should().ContainSingle(r => r.Category == "kserve.trace" && r.Message.StartsWith("requestId: N.A., preprocess_ms: "));
        server.Logs.Should().Contain(r => r.Category == "uvicorn.access" && r.Message.Contains("\"POST /openai/v1/completions HTTP/1.1\" 200 OK"));
    }

    private sealed class Plain : Model;

    private sealed class Elsewhere(string url) : OpenAIProxyModel
    {
        public override string PredictorUrl => url;
    }

    private sealed class Tenant : OpenAIProxyModel
    {
        protected override JsonObject PreprocessCompletionRequest(JsonObject request, InferenceContext context)
        {
            context.UpstreamHeaders["X-Tenant"] = "t";
            context.UpstreamHeaders["Authorization"] = "Bearer ours";
            context.ResponseHeaders["x-served-by"] = "us";
            return request;
        }
    }
}
