using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;
using static Sidecars.EndToEnd.Wire.HttpRequestText;

namespace Sidecars.EndToEnd.Cases;

/// <summary>Contract section C, first part: health, metadata, versions and the repository extension over REST.</summary>
[Collection(SharedServerTests.Name)]
public sealed class V2RouteCases(SharedServer shared)
{
    private const string NoVersions = "Model versioning not supported yet.";

    private static readonly HttpCase[] _cases =
    [
        new("85 server metadata", Get("/v2"), Expect.Status(200).Header("Content-Type", "application/json").That(Metadata)),
        new("86 live", Get("/v2/health/live"), Expect.Ok("""{"live":true}""")),
        new("87 ready is the truth: a model is not", Get("/v2/health/ready"), Expect.Error(503, "Server is not ready.")),
        new("88 models", Get("/v2/models"), Expect.Status(200).That(a => a.Json().GetProperty("models").EnumerateArray()
            .Select(m => m.GetString()).Should().Contain(["echo", "nr", "meta", "proxy"]))),
        new("89 declared inputs and outputs", Get("/v2/models/meta"), Expect.OkJson("""
            {"name":"meta","versions":null,"platform":"","inputs":[{"name":"in0","datatype":"FP32","shape":[-1,4]}],
             "outputs":[{"name":"out0","datatype":"INT64","shape":[-1]}]}
            """)),
        new("89 nothing declared", Get("/v2/models/echo"), Expect.OkJson("""
            {"name":"echo","versions":null,"platform":"","inputs":[],"outputs":[]}
            """)),
        new("89 metadata of a model not ready", Get("/v2/models/nr"), Expect.Status(200)
            .That(a => a.Json().GetProperty("name").GetString().Should().Be("nr"))),
        new("90 metadata, unknown model", Get("/v2/models/zzz"), Expect.Error(404, "Model with name zzz does not exist.")),
        new("91 model ready", Get("/v2/models/echo/ready"), Expect.Ok("""{"name":"echo","ready":true}""")),
        new("91 model not ready", Get("/v2/models/nr/ready"), Expect.Error(503, "Model with name nr is not ready.")),
        new("91 ready, unknown model", Get("/v2/models/zzz/ready"), Expect.Error(404, "Model with name zzz does not exist.")),
        new("92 version metadata", Get("/v2/models/echo/versions/1"), Expect.Error(501, NoVersions)),
        new("92 version ready", Get("/v2/models/echo/versions/1/ready"), Expect.Error(501, NoVersions)),
        new("92 version infer", PostJson("/v2/models/echo/versions/1/infer",
            """{"inputs":[{"name":"a","shape":[1],"datatype":"INT32","data":[1]}]}"""), Expect.Error(501, NoVersions)),
        new("3.1 GET on infer", Get("/v2/models/echo/infer"), Expect.Detail(405, "Method Not Allowed").Header("Allow", "POST")),
        new("3.1 POST on live", Post("/v2/health/live"), Expect.Detail(405, "Method Not Allowed").Header("Allow", "GET")),
        new("3.1 POST on metadata", Post("/v2/models/echo"), Expect.Detail(405, "Method Not Allowed").Header("Allow", "GET")),
        new("3.1 GET on load", Get("/v2/repository/models/echo/load"), Expect.Detail(405, "Method Not Allowed").Header("Allow", "POST")),
        new("3.1 slash after /v2", Get("/v2/"), Expect.Status(307).Bytes().That(a => a.Header("Location").Should().EndWith("/v2"))),
        new("4.1 repository index", Post("/v2/repository/index"), Expect.Detail(404, "Not Found")),
        new("4.1 stats", Get("/v2/models/echo/stats"), Expect.Detail(404, "Not Found")),
        new("4.1 config", Get("/v2/models/echo/config"), Expect.Detail(404, "Not Found")),
        new("4.1 generate", Post("/v2/models/echo/generate"), Expect.Detail(404, "Not Found")),
        new("4.1 explain", Post("/v2/models/echo/explain"), Expect.Detail(404, "Not Found")),
        new("144 load", Post("/v2/repository/models/echo/load"), Expect.Ok("""{"name":"echo","load":true}""")),
        new("144 load, the puller's body", PostJson("/v2/repository/models/echo/load", "{}"), Expect.Ok("""{"name":"echo","load":true}""")),
        new("144 load, a body that is nothing", Post("/v2/repository/models/echo/load").With("Content-Type", "text/plain").WithBody("garbage"),
            Expect.Ok("""{"name":"echo","load":true}""")),
        new("145 load, unknown model", Post("/v2/repository/models/zzz/load"), Expect.ErrorWith(503, "Model with name zzz is not ready.")),
        new("145 load, not ready", Post("/v2/repository/models/nr/load"), Expect.ErrorWith(503, "Model with name nr is not ready.")),
        new("146 unload, unknown model", Post("/v2/repository/models/zzz/unload"), Expect.Error(404, "Model with name zzz does not exist.")),
    ];

    public static TheoryData<string> Names => HttpCase.Names(_cases);

    [Theory]
    [MemberData(nameof(Names))]
    public Task V2Route_Request_IsAnsweredAsTheContractSays(string name) => shared.RunAsync(_cases, name);

    [Fact(DisplayName = "146 unload, and what follows from it")]
    public async Task Repository_Unload_TakesTheModelAway()
    {
        await using Bench bench = await Bench.StartAsync();
        await bench.CheckAsync(Post("/v2/repository/models/meta/unload"), Expect.Ok("""{"name":"meta","unload":true}"""));
        await bench.CheckAsync(Post("/v2/repository/models/meta/unload"), Expect.Error(404, "Model with name meta does not exist."));
        await bench.CheckAsync(Get("/v2/models/meta/ready"), Expect.Error(404, "Model with name meta does not exist."));
        await bench.CheckAsync(Get("/v1/models/meta"), Expect.Error(404, "Model with name meta does not exist."));
        await bench.CheckAsync(PostJson("/v1/models/meta:predict", "{}"), Expect.Error(404, "Model with name meta does not exist."));
        await bench.CheckAsync(Get("/v1/models"), Expect.Status(200)
            .That(a => a.Json().GetProperty("models").EnumerateArray().Select(m => m.GetString()).Should().NotContain("meta")));

        // With the one model that is not ready gone, the server is ready: readiness tells the truth both ways.
        await bench.CheckAsync(Get("/v2/health/ready"), Expect.Error(503, "Server is not ready."));
        await bench.CheckAsync(PostJson("/v2/repository/models/nr/unload", "{}"), Expect.Ok("""{"name":"nr","unload":true}"""));
        await bench.CheckAsync(Get("/v2/health/ready"), Expect.Ok("""{"ready":true}"""));
        (await bench.Grpc.CallAsync("ServerReady", [])).Messages.Single().Should().Equal(8, 1);
    }

    private static void Metadata(HttpAnswer answer)
    {
        System.Text.Json.JsonElement root = answer.Json();
        root.EnumerateObject().Select(p => p.Name).Should().Equal("name", "version", "extensions");
        root.GetProperty("name").GetString().Should().Be("kserve");
        root.GetProperty("version").GetString().Should().NotBeNullOrEmpty();
        root.GetProperty("extensions").EnumerateArray().Select(e => e.GetString()).Should().Contain("model_repository_extension");
    }
}
