using System.Net;
using System.Text.Json.Nodes;

namespace Sidecars.Tests.OpenAi;

public class OpenAiHealthTests
{
    [Theory]
    [InlineData(200, HttpStatusCode.OK)]
    [InlineData(503, HttpStatusCode.ServiceUnavailable)]
    public async Task Ready_HealthCheckOn_AsksThePredictor(int health, HttpStatusCode expected)
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering("", health);
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>(upstream.Host, "--enable_predictor_health_check");

        (await server.GetAsync("/openai/v1/models/llm")).Status.Should().Be(expected);
        (await server.GetAsync("/v1/models/llm")).Status.Should().Be(expected);
        (await server.GetAsync("/v2/health/ready")).Status.Should().Be(expected);

        upstream.Requests.Select(r => (r.Method, r.Path)).Should().Equal(
            ("GET", "/openai/health"), ("GET", "/openai/health"), ("GET", "/openai/health"));
    }

    [Fact]
    public async Task Ready_HealthCheckOff_IsLocal()
    {
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>("127.0.0.1:1");

        (HttpStatusCode status, string body) = await server.GetAsync("/openai/v1/models/llm");

        status.Should().Be(HttpStatusCode.OK);
        JsonNode.Parse(body)!["id"]!.GetValue<string>().Should().Be("llm");
    }

    [Fact]
    public async Task Ready_EndpointOverridden_IsAskedBehindTheBase()
    {
        await using ScriptedUpstream upstream = ScriptedUpstream.Answering("");
        await using OpenAiServer server = await OpenAiServer.StartAsync<KServeRuntime>(upstream.Host, "--enable_predictor_health_check");

        (await server.GetAsync("/openai/v1/models/llm")).Status.Should().Be(HttpStatusCode.OK);

        upstream.Only.Path.Should().Be("/openai/v1/models/llm");
    }

    [Fact]
    public async Task Ready_UnknownModel_404()
    {
        await using OpenAiServer server = await OpenAiServer.StartAsync<OpenAIProxyModel>("127.0.0.1:1");

        (HttpStatusCode status, string body) = await server.GetAsync("/openai/v1/models/gpt");

        status.Should().Be(HttpStatusCode.NotFound);
        ((string)OpenAiServer.ErrorOf(body)["code"]!).Should().Be("model_not_found");
    }

    private sealed class KServeRuntime : OpenAIProxyModel
    {
        public override string HealthEndpoint => "/v1/models/" + Name;
    }
}
