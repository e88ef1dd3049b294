using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving.Pages;

/// <summary>What is at <c>/</c>, for browsers and for everybody else.</summary>
public sealed partial class StartPageTests
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("application/json, text/html;q=0.9")]
    public async Task Root_ForEverybodyButBrowsers_StaysJson(string? accept)
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>();

        using HttpResponseMessage answer = await GetAsync(host, "/", accept);

        (await answer.Content.ReadAsStringAsync()).Should().Be("""{"status":"alive"}""");
        answer.Content.Headers.ContentType!.ToString().Should().Be("application/json");
        answer.Headers.Vary.Should().Equal("Accept");
        answer.Headers.Contains("Content-Security-Policy").Should().BeFalse();
    }

    [Fact]
    public async Task Root_ForBrowsers_IsAPageThatNeedsNothingElse()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>();

        using HttpResponseMessage answer = await GetAsync(host, "/", Browser);
        string html = await answer.Content.ReadAsStringAsync();

        ((int)answer.StatusCode).Should().Be(200);
        answer.Content.Headers.ContentType!.ToString().Should().Be("text/html; charset=utf-8");
        answer.Headers.Vary.Should().Equal("Accept");
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        html.Should().NotMatchRegex("(src|href)=[\"']?(https?:)?//").And.NotContain("@import").And.NotContain("/* s");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/docs")]
    public async Task Page_ItsPolicy_AllowsItsOwnScriptAndNoOther(string path)
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(null, "--enable_docs_url=true");

        using HttpResponseMessage answer = await GetAsync(host, path, Browser);
        string script = Script().Match(await answer.Content.ReadAsStringAsync()).Groups[1].Value;
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));

        script.Should().Contain("'use strict'");
        answer.Headers.GetValues("Content-Security-Policy").Single().Should().Be(
            $"default-src 'none'; script-src 'sha256-{hash}'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'");
    }

    [Fact]
    public async Task Data_OfModels_ListsThemWithAliasesTensorsAndExamples()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(
            static b => b.Sidecar.AddModel<Declaring>("a", "a2").AddModel<Proxy>("b"), null, "--enable_docs_url=true");

        JsonElement data = await DataAsync(host);

        data.GetProperty("docs").GetBoolean().Should().BeTrue();
        data.GetProperty("metrics").GetBoolean().Should().BeTrue();
        JsonElement[] models = [.. data.GetProperty("models").EnumerateArray()];
        models.Should().HaveCount(2);
        models[0].GetProperty("name").GetString().Should().Be("a");
        models[0].GetProperty("aliases").GetRawText().Should().Be("""["a2"]""");
        models[0].GetProperty("inputs").GetRawText().Should().Be(
            """[{"name":"age","datatype":"FP32","shape":[-1]},{"name":"job","datatype":"BYTES","shape":[-1]}]""");
        models[0].GetProperty("v1").GetString().Should().Be("""{"instances":[{"age":0,"job":"text"}]}""");
        models[0].GetProperty("v2").GetString().Should().Be(
            """{"inputs":[{"name":"age","shape":[1],"datatype":"FP32","data":[0.0]},{"name":"job","shape":[1],"datatype":"BYTES","data":["text"]}]}""");
        models[0].GetProperty("madeUp").GetBoolean().Should().BeTrue();
        models[1].GetProperty("aliases").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task Data_WithNamesThatAreMarkup_StaysData()
    {
        const string name = "</script><script>alert('x')</script>&\"<!--";
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(static b => b.Sidecar.AddModel<Proxy>(name.Replace("/", "")));
        using HttpResponseMessage answer = await GetAsync(host, "/", Browser);
        string html = await answer.Content.ReadAsStringAsync();

        html.Should().NotContain("alert('x')").And.NotContain("<!--");
        (await DataAsync(host)).GetProperty("models")[0].GetProperty("name").GetString().Should().Be(name.Replace("/", ""));
    }

    [Fact]
    public async Task Data_OfAnExampleOfTheModel_IsThatExample()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Showing>();

        JsonElement model = (await DataAsync(host)).GetProperty("models")[0];

        model.GetProperty("v1").GetString().Should().Be("""{"instances":[[1.5,2]]}""");
        model.GetProperty("v2").GetString().Should().Be("""{"inputs":[{"name":"input-0","shape":[1,2],"datatype":"FP32","data":[1.5,2.0]}]}""");
        model.GetProperty("madeUp").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task Data_OfAnExampleOfTheExplainer_IsThatExample()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(
            static b => b.Sidecar.AddModel<Proxy>().UseExplainer(static _ => new Offering()));

        JsonElement model = (await DataAsync(host)).GetProperty("models")[0];

        model.GetProperty("v1").GetString().Should().Be("""{"instances":[{"a":[1],"b":{"c":2}}]}""");
        model.GetProperty("madeUp").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task Data_OfModels_TellsWhichOfThemExplain()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(static b => b.Sidecar
            .AddModel<Declaring>("none")
            .AddModel<Explaining>("plain")
            .AddModel<ExplainingLater>("async")
            .AddModel<ExplainingBelow>("inherited")
            .AddModel<Proxy>("attached").UseExplainer(static _ => new Offering()));

        JsonElement data = await DataAsync(host);

        data.GetProperty("models").EnumerateArray().Select(static m => $"{m.GetProperty("name")} {m.GetProperty("explains")}")
            .Should().Equal("none False", "plain True", "async True", "inherited True", "attached True");
        foreach (JsonElement model in data.GetProperty("models").EnumerateArray())
        {
            using HttpResponseMessage answer = await host.Http.PostAsync(
                $"/v1/models/{model.GetProperty("name")}:explain", TestCalls.Json("""{"instances":[[1]]}"""));
            (answer.StatusCode != System.Net.HttpStatusCode.NotImplemented).Should().Be(
                model.GetProperty("explains").GetBoolean(), "so it says of {0}", model.GetProperty("name"));
        }
    }

    [Theory]
    [InlineData(false, false, true, "")]
    [InlineData(true, false, true, "a")]
    [InlineData(true, true, false, "a")]
    public async Task OpenApi_OfExplain_OffersWhatThereIs(bool explains, bool two, bool only, string examples)
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync(b =>
        {
            _ = explains ? b.Sidecar.AddModel<Explaining>("a") : b.Sidecar.AddModel<Proxy>("a");
            _ = two ? b.Sidecar.AddModel<Proxy>("b") : b.Sidecar;
        });

        JsonElement paths = JsonDocument.Parse(await host.Http.GetStringAsync("/openapi.json")).RootElement.GetProperty("paths");

        // KServe lists this one always.
        JsonElement explain = paths.GetProperty("/v1/models/{model_name}:explain").GetProperty("post");
        explain.GetProperty("summary").GetString()!.EndsWith("501.", StringComparison.Ordinal).Should().Be(!explains);
        JsonElement body = explain.GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
        string.Join(',', body.TryGetProperty("examples", out JsonElement all) ? all.EnumerateObject().Select(static e => e.Name) : [])
            .Should().Be(examples);
        paths.TryGetProperty("/explain", out _).Should().Be(explains && only);
    }

    [Fact]
    public async Task OpenApi_OfExplain_ListsItsFormsAndExamples()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Showing>();

        JsonElement paths = JsonDocument.Parse(await host.Http.GetStringAsync("/openapi.json")).RootElement.GetProperty("paths");

        foreach (string path in (string[])["/v1/models/{model_name}:explain", "/explain"])
        {
            JsonElement post = paths.GetProperty(path).GetProperty("post");
            post.GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject().Select(static p => p.Name)
                .Should().Equal("application/json", "text/html", "image/svg+xml", "text/plain", "text/event-stream");
        }

        Example(paths, "/v1/models/{model_name}:predict").Should().Be("""{"instances":[[1.5,2]]}""");
        Example(paths, "/v1/models/{model_name}:explain").Should().Be("""{"instances":[[1.5,2]]}""");
        Example(paths, "/explain").Should().StartWith("""{"inputs":[{"name":"input-0",""");
    }

    [Fact]
    public async Task Model_WhoseExampleFails_IsAnErrorOfTheServer_AndOnlyOnItsPage()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Failing>();

        using HttpResponseMessage page = await GetAsync(host, "/", Browser);
        using HttpResponseMessage alive = await GetAsync(host, "/", null);

        ((int)page.StatusCode).Should().Be(500);
        page.Content.Headers.ContentType!.ToString().Should().Be("application/json");
        (await page.ErrorAsync()).Should().StartWith("Internal server error. Request id: ").And.NotContain("secret");
        host.Logs.Should().ContainSingle(static l => l.Level == Microsoft.Extensions.Logging.LogLevel.Error)
            .Which.Exception!.Message.Should().Be("secret");
        ((int)alive.StatusCode).Should().Be(200);
    }

    private static string Example(JsonElement paths, string path) => paths.GetProperty(path).GetProperty("post").GetProperty("requestBody")
        .GetProperty("content").GetProperty("application/json").GetProperty("examples").GetProperty("model").GetProperty("value").GetRawText();

    private static async Task<JsonElement> DataAsync(SidecarTestHost host)
    {
        using HttpResponseMessage answer = await GetAsync(host, "/", Browser);
        string html = await answer.Content.ReadAsStringAsync();
        return JsonDocument.Parse(Data().Match(html).Groups[1].Value).RootElement;
    }

    private static async Task<HttpResponseMessage> GetAsync(SidecarTestHost host, string path, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        return await host.Http.SendAsync(request);
    }

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<script type=\"application/json\" id=\"server\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Data();

    private sealed class Declaring : Model
    {
        public override IReadOnlyList<TensorMetadata> Inputs => [new("age", Datatype.FP32, -1), new("job", Datatype.BYTES, -1)];
    }

    private sealed class Showing : Model
    {
        public override JsonNode? Example => JsonNode.Parse("""{"instances":[[1.5,2]]}""");

        protected override InferResponse Explain(InferRequest request, InferenceContext context) => InferResponse.FromJson(new JsonObject());
    }

    private class Explaining : Model
    {
        protected override InferResponse Explain(InferRequest request, InferenceContext context) => InferResponse.FromJson(new JsonObject());
    }

    private sealed class ExplainingBelow : Explaining
    {
        protected override InferRequest Preprocess(InferRequest request, InferenceContext context) => request;
    }

    private sealed class ExplainingLater : Model
    {
        protected internal override ValueTask<InferResponse> ExplainAsync(InferRequest request, InferenceContext context) =>
            new(InferResponse.FromJson(new JsonObject()));
    }

    private sealed class Failing : Model
    {
        public override JsonNode? Example => throw new InvalidOperationException("secret");
    }

    private sealed class Offering : IExplainer
    {
        public bool ExplainsHooks => true;

        public JsonNode? Example => JsonNode.Parse("""{"instances":[{"a":[1],"b":{"c":2}}]}""");

        public ValueTask LoadAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask<InferResponse> ExplainAsync(InferRequest request, InferenceContext context) => throw new NotSupportedException();
    }
}
