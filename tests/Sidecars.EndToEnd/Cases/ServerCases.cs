using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;
using static Sidecars.EndToEnd.Wire.HttpRequestText;

namespace Sidecars.EndToEnd.Cases;

/// <summary>Contract section A, first part: routes, methods, paths and transport, whatever the protocol.</summary>
[Collection(SharedServerTests.Name)]
public sealed class ServerCases(SharedServer shared)
{
    private const string NotFound = "Not Found";

    private const string NotAllowed = "Method Not Allowed";

    private const string Body = """{"instances":[[1,2],[3.5,4]]}""";

    private const string Answer = """{"predictions":[[1,2],[3.5,4]]}""";

    private static readonly string _routes = "/v1/models/echo";

    private static readonly HttpCase[] _cases =
    [
        new("1 GET /", Get("/"), Expect.Ok("""{"status":"alive"}""")),
        new("2 HEAD /", new("HEAD", "/"), Expect.Status(405).Header("Allow", "GET").Bytes()),
        new("3.1 OPTIONS /", new("OPTIONS", "/"), Expect.Detail(405, NotAllowed).Header("Allow", "GET")),
        new("3.1 POST /", Post("/"), Expect.Detail(405, NotAllowed).Header("Allow", "GET")),
        new("3.1 DELETE /v1/models", new("DELETE", "/v1/models"), Expect.Detail(405, NotAllowed).Header("Allow", "GET")),
        new("3.1 GET on predict", Get("/v1/models/echo:predict/x"), Expect.Detail(404, NotFound)),
        new("3.1 PUT on predict", new("PUT", "/v1/models/echo:predict"), Expect.Detail(405, NotAllowed)),
        new("3.1 POST on openapi", Post("/openapi.json"), Expect.Detail(405, NotAllowed).Header("Allow", "GET")),
        new("3.1 POST on metrics", Post("/metrics"), Expect.Detail(405, NotAllowed).Header("Allow", "GET")),
        new("4 unknown path", Get("/nosuch"), Expect.Detail(404, NotFound).Header("Content-Type", "application/json")),
        new("4 unknown path, POST", Post("/nosuch"), Expect.Detail(404, NotFound)),
        new("3.2 docs are off", Get("/docs"), Expect.Detail(404, NotFound)),
        new("3.2 redoc", Get("/redoc"), Expect.Detail(404, NotFound)),
        new("6.9 no OpenAI model", Post("/openai/v1/completions"), Expect.Detail(404, NotFound)),
        new("10 slash after models", Get("/v1/models/"), Redirect("/v1/models")),
        new("10 slash and query", Get("/v1/models/?a=b&c=%20d"), Redirect("/v1/models?a=b&c=%20d")),
        new("38 slash after predict", PostJson("/v1/models/echo:predict/", Body), Redirect("/v1/models/echo:predict")),
        new("38 slash after V2 infer", PostJson("/v2/models/echo/infer/", "{}"), Redirect("/v2/models/echo/infer")),
        new("3.1 query ignored", PostJson("/v1/models/echo:predict?x=1&y", Body), Expect.Ok(Answer)),
        new("42 colon encoded", PostJson("/v1/models/echo%3Apredict", Body), Expect.Ok(Answer)),
        new("42 colon encoded, lower case", PostJson("/v1/models/echo%3apredict", Body), Expect.Ok(Answer)),
        new("3.1 letter encoded", PostJson("/v1/models/ec%68o:predict", Body), Expect.Ok(Answer)),
        new("44 slash encoded", PostJson("/v1/models/a%2Fb:predict", Body), Expect.Detail(404, NotFound)),
        new("46 unknown verb", PostJson("/v1/models/echo:foo", Body), Expect.Detail(405, NotAllowed).Header("Allow", "GET")),
        new("3.1 no model name", PostJson("/v1/models/:predict", Body), Expect.Detail(405, NotAllowed).Header("Allow", "GET")),
        new("3.1 name with a colon", PostJson("/v1/models/a:b:predict", Body), Expect.Error(404, "Model with name a:b does not exist.")),
        new("3.1 name ends with a verb", PostJson("/v1/models/echo:predict:predict", Body),
            Expect.Error(404, "Model with name echo:predict does not exist.")),
        new("48 upper-case path", PostJson("/V1/models/echo:predict", Body), Expect.Detail(404, NotFound)),
        new("48 upper-case verb", PostJson("/v1/models/echo:Predict", Body), Expect.Detail(405, NotAllowed)),
        new("48 two slashes", PostJson("//v1/models/echo:predict", Body), Expect.Detail(404, NotFound)),
        new("3.1 name in another script", PostJson("/v1/models/%C3%A9:predict", Body), Expect.Error(404, "Model with name é does not exist.")),
        new("3.1 name of upper case", PostJson("/v1/models/Echo:predict", Body), Expect.Error(404, "Model with name Echo does not exist.")),
        new("3.1 no CORS", PostJson("/v1/models/echo:predict", Body).With("Origin", "http://elsewhere.example"),
            Expect.Ok(Answer).NoHeader("Access-Control-Allow-Origin")),
        new("3.1 no compression", PostJson("/v1/models/echo:predict", Body).With("Accept-Encoding", "gzip, deflate, br"),
            Expect.Ok(Answer).NoHeader("Content-Encoding")),
        new("3.1 date header", Get("/"), Expect.Status(200).That(a => a.Header("Date").Should().NotBeNull())),
        new("49 chunked request", PostJson("/v1/models/echo:predict", Body).Chunked(3), Expect.Ok(Answer)),
        new("50 Expect: 100-continue", PostJson("/v1/models/echo:predict", Body).With("Expect", "100-continue"),
            Expect.Ok(Answer).That(a => a.SawContinue.Should().BeTrue("the 100 comes before the body"))),
        new("36 content-encoding on a plain body", PostJson("/v1/models/echo:predict", Body).With("Content-Encoding", "gzip"), Expect.Ok(Answer)),
        new("35 body in gzip", Post("/v1/models/echo:predict").With("Content-Type", "application/json").With("Content-Encoding", "gzip")
            .WithBody(GrpcFrame.Gzip("{\"instances\":[1]}"u8.ToArray())), Expect.ErrorWith(400, "Unrecognized request format: ")),
        new("3.1 HTTP/1.1 without Host", Get("/") with { WithoutHost = true }, Expect.Status(400)),
        new("6 openapi", Get("/openapi.json"), Expect.Status(200).Header("Content-Type", "application/json").That(OpenApi)),
        new("7 metrics", Get("/metrics"), Expect.Status(200).Header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")),
        new("8 metrics for OpenMetrics", Get("/metrics").With("Accept", "application/openmetrics-text; version=1.0.0"),
            Expect.Status(200).Header("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8")
                .That(a => a.Text.Should().EndWith("# EOF\n"))),
        new("9 list of models", Get("/v1/models"), Expect.Status(200).Header("Content-Type", "application/json").That(Listed)),
        new("11 model ready", Get(_routes), Expect.Ok("""{"name":"echo","ready":true}""")),
        new("12 model unknown", Get("/v1/models/zzz"), Expect.Error(404, "Model with name zzz does not exist.")),
        new("13 model not ready", Get("/v1/models/nr"), Expect.Error(503, "Model with name nr is not ready.")),
    ];

    public static TheoryData<string> Names => HttpCase.Names(_cases);

    [Theory]
    [MemberData(nameof(Names))]
    public Task Server_Request_IsAnsweredAsTheContractSays(string name) => shared.RunAsync(_cases, name);

    [Fact(DisplayName = "3.1 keep-alive: many requests on one connection")]
    public async Task Server_KeepAlive_ServesRequestsInTurn()
    {
        using CancellationTokenSource deadline = Deadline.Start();
        await using HttpConnection connection = await HttpConnection.OpenAsync(shared.Bench.Server.HttpPort, deadline.Token);
        for (int i = 0; i < 5; i++)
        {
            HttpRequestText request = PostJson("/v1/models/echo:predict", $$"""{"instances":[{{i}}]}""");
            Expect.Ok($$"""{"predictions":[{{i}}]}""").Check(request, await connection.SendAsync(request, deadline.Token));
            // An error does not end the connection either.
            HttpRequestText wrong = PostJson("/v1/models/echo:predict", "not json");
            Expect.Status(400).Check(wrong, await connection.SendAsync(wrong, deadline.Token));
        }
    }

    [Fact(DisplayName = "3.1 pipelined requests are answered in order")]
    public async Task Server_PipelinedRequests_AreAnsweredInOrder()
    {
        using CancellationTokenSource deadline = Deadline.Start();
        await using HttpConnection connection = await HttpConnection.OpenAsync(shared.Bench.Server.HttpPort, deadline.Token);
        HttpRequestText one = PostJson("/v1/models/echo:predict", """{"instances":[1]}""");
        HttpRequestText two = PostJson("/v1/models/echo:predict", """{"instances":[2]}""");
        await connection.WriteAsync(
            [.. one.Head(connection.Host), .. one.FramedBody(), .. two.Head(connection.Host), .. two.FramedBody()], deadline.Token);
        Expect.Ok("""{"predictions":[1]}""").Check(one, await connection.ReadAsync("POST", deadline.Token));
        Expect.Ok("""{"predictions":[2]}""").Check(two, await connection.ReadAsync("POST", deadline.Token));
    }

    private static Expect Redirect(string to) => Expect.Status(307).Bytes()
        .That(a => a.Header("Location").Should().MatchRegex("^http://127\\.0\\.0\\.1:[0-9]+/").And.EndWith(to))
        .That(a => new Uri(a.Header("Location")!).PathAndQuery.Should().Be(to));

    private static void Listed(HttpAnswer answer) => answer.Json().GetProperty("models").EnumerateArray().Select(m => m.GetString())
        .Should().Contain(
        [
            "echo", "nr", "meta", "proxy", "rh", "invalid-input", "inference-error", "model-not-found", "model-not-ready",
            "not-implemented", "unsupported-protocol", "server-not-ready", "other-error", "bytes", "str", "list", "none", "stream", "slow",
        ]);

    private static void OpenApi(HttpAnswer answer)
    {
        System.Text.Json.JsonElement root = answer.Json();
        root.GetProperty("openapi").GetString().Should().Be("3.1.0");
        root.GetProperty("info").GetProperty("title").GetString().Should().Be("KServe ModelServer");
        root.GetProperty("info").GetProperty("version").GetString().Should().NotBeNullOrEmpty();
        root.GetProperty("paths").EnumerateObject().Select(p => p.Name).Should().Contain(
        [
            "/", "/metrics", "/v1/models", "/v1/models/{model_name}", "/v1/models/{model_name}:predict",
            "/v1/models/{model_name}:explain", "/v2", "/v2/health/live", "/v2/health/ready", "/v2/models", "/v2/models/{model_name}",
            "/v2/models/{model_name}/ready", "/v2/models/{model_name}/versions/{model_version}/ready", "/v2/models/{model_name}/infer",
            "/v2/repository/models/{model_name}/load", "/v2/repository/models/{model_name}/unload",
        ]);
        root.GetProperty("paths").GetProperty("/v1/models/{model_name}:predict").GetProperty("post").GetProperty("operationId")
            .GetString().Should().Be("predict_v1_models__model_name__predict_post");
        root.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(s => s.Name).Should().Contain(
            ["InferenceRequest", "ListModelsResponse", "MetadataTensor", "ModelMetadataResponse", "ModelReadyResponse", "RequestInput",
             "RequestOutput", "ServerLiveResponse", "ServerMetadataResponse", "ServerReadyResponse"]);
    }
}
