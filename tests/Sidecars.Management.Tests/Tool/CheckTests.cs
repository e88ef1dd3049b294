using System.Text.Json.Nodes;
using Sidecars.Testing;
using Sidecars.Tool.Check;
using Answer = Sidecars.Management.Tests.Tool.BreakingProxy.Answer;
using Asked = Sidecars.Management.Tests.Tool.BreakingProxy.Asked;

namespace Sidecars.Management.Tests.Tool;

/// <summary>The check passes on our server, and names what is broken on one that breaks the contract.</summary>
public sealed class CheckTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sidecars-check-").FullName;
    private SidecarTestHost _host = null!;

    public async Task InitializeAsync() => _host = await SidecarTestHost.StartAsync<SumModel>();

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Check_OurServer_PassesEveryCaseInFull()
    {
        ToolRun run = await ToolRun.WithInputAsync(
            """{"instances":[[1,2,3]]}""",
            "check", _host.RestAddress.ToString(), "--grpc", _host.GrpcAddress.Authority, "--body", "-", "--strict");

        run.Out.Should().EndWith($"{CheckCase.LoadAll().Count} passed, 0 broken, 0 differ, 0 not asked\n");
        run.Error.Should().BeEmpty();
        run.Code.Should().Be(0);
    }

    [Fact]
    public async Task Check_WithoutABody_SaysWhatWasNotAsked()
    {
        ToolRun run = await ToolRun.OfAsync("check", _host.RestAddress.ToString(), "--protocols", "v1");

        run.Code.Should().Be(0, run.Out);
        run.Out.Should().Contain("not asked  v1.predict  ").And.Contain("--body with instances").And.NotContain("v2.").And.NotContain("grpc.");
    }

    [Fact]
    public async Task Check_OwnV2Request_IsWhatIsSent()
    {
        ToolRun run = await ToolRun.WithInputAsync(
            """{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""",
            "check", _host.RestAddress.ToString(), "--protocols", "v2", "--body", "-", "-o", "json");

        run.Code.Should().Be(0, run.Out);
        JsonNode report = JsonNode.Parse(run.Out)!;
        report["broken"]!.GetValue<int>().Should().Be(0);
        report["cases"]!.AsArray().Single(c => c!["id"]!.GetValue<string>() == "v2.infer")!["sent"]!.GetValue<string>().Should().Contain("[1,2,3]");
    }

    [Fact]
    public async Task Check_ModelThatRefusesZeros_SaysWhatToGiveAndPassesWithIt()
    {
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<PositiveModel>();
        string[] check = ["check", host.RestAddress.ToString(), "--grpc", host.GrpcAddress.Authority];

        ToolRun zeros = await ToolRun.OfAsync(check);
        string v1 = Write("v1.json", """{"instances":[[1,2,3]]}""");
        string v2 = Write("v2.json", """{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""");
        ToolRun own = await ToolRun.OfAsync([.. check, "--body", v1, "--body", v2]);

        zeros.Code.Should().Be(1);
        zeros.Out.Should().Contain("BROKEN     v2.infer  ").And.Contain("give a V2 request that it understands with --body");
        own.Code.Should().Be(0, own.Out);
        own.Out.Should().Contain("0 broken").And.NotContain("not asked  v1.predict  ").And.NotContain("not asked  grpc.infer  ");
    }

    [Fact]
    public async Task Check_TwoRequestsOfOneKind_AreRefused()
    {
        string body = Write("v1.json", """{"instances":[[1,2,3]]}""");

        ToolRun run = await ToolRun.OfAsync("check", _host.RestAddress.ToString(), "--body", body, "--body", body);

        run.Code.Should().NotBe(0);
        run.Error.Should().Contain("--body was given 2 requests with \"instances\"");
    }

    public static TheoryData<string, string, string> Breaks => new()
    {
        { "v1.live", "outcome: BROKEN", "$.status is missing" },
        { "v1.models", "outcome: BROKEN", "$.models is to be <strings>" },
        { "v1.model.unknown", "outcome: BROKEN", "status 404" },
        { "v1.predict.malformed", "outcome: BROKEN", "status 400" },
        { "v1.predict.no-content-type", "outcome: BROKEN", "status 200" },
        { "v2.live", "outcome: differs", "the body is to be a JSON object" },
        { "v2.model", "outcome: BROKEN", "$.inputs is to be <tensors>" },
        { "v2.model.unknown", "outcome: BROKEN", "$.error is missing" },
        { "v2.infer", "outcome: BROKEN", "declared FP64 and answered FP32" },
        { "v2.infer.no-id", "outcome: BROKEN", "status 200" },
        { "v2.infer.malformed", "outcome: differs", "status 400" },
        { "v2.infer.wrong-shape", "outcome: BROKEN", "status 400 or 422" },
    };

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task Check_ServerThatBreaksOneThing_NamesItWithExpectedAndGot(string id, string outcome, string expected)
    {
        await using BreakingProxy proxy = await BreakingProxy.StartAsync(_host.RestAddress, Break(id));

        ToolRun run = await ToolRun.WithInputAsync(
            """{"instances":[[1,2,3]]}""", "check", proxy.Address.ToString(), "--model", "sum", "--body", "-", "-o", "json");

        JsonNode report = JsonNode.Parse(run.Out)!;
        JsonNode[] wrong = [.. report["cases"]!.AsArray().Select(c => c!).Where(c => c["outcome"]!.GetValue<string>() is "BROKEN" or "differs")];
        wrong.Select(c => c["id"]!.GetValue<string>()).Should().Equal(id);
        $"outcome: {wrong[0]["outcome"]}".Should().Be(outcome);
        wrong[0]["expected"]!.GetValue<string>().Should().Contain(expected);
        wrong[0]["got"]!.GetValue<string>().Should().StartWith("status ");
        wrong[0]["sent"]!.GetValue<string>().Should().MatchRegex("^(GET|POST) /");
        run.Code.Should().Be(outcome.EndsWith("BROKEN", StringComparison.Ordinal) ? 1 : 0);
    }

    [Fact]
    public async Task Check_TextReport_ShowsSentExpectedGotAndWhy()
    {
        await using BreakingProxy proxy = await BreakingProxy.StartAsync(_host.RestAddress, Break("v1.model.unknown"));

        ToolRun run = await ToolRun.OfAsync("check", proxy.Address.ToString(), "--protocols", "v1");

        run.Out.Should().Contain("""
            BROKEN     v1.model.unknown            An unknown model is 404 with an error
                       sent      GET /v1/models/sidecars-check-no-such-model
                       expected  status 404
                       got       status 200, application/json: {"ready":false}
                       why       Clients tell a wrong name from a model that is not ready (503).
            """);
    }

    [Fact]
    public async Task Check_GrpcThatIsNotThere_IsBrokenAndNotSilent()
    {
        ToolRun run = await ToolRun.OfAsync(
            "check", _host.RestAddress.ToString(), "--protocols", "v2", "--grpc", _host.RestAddress.Authority, "-o", "json");

        run.Code.Should().Be(1);
        JsonNode.Parse(run.Out)!["cases"]!.AsArray().Where(c => c!["outcome"]!.GetValue<string>() == "BROKEN")
            .Select(c => c!["id"]!.GetValue<string>()).Should().OnlyContain(i => i.StartsWith("grpc.")).And.HaveCountGreaterThan(5);
    }

    [Fact]
    public async Task Check_NobodyThere_SaysSoOnce()
    {
        Uri gone = _host.RestAddress;
        await _host.StopAsync();

        ToolRun run = await ToolRun.OfAsync("check", gone.ToString(), "-m", "sum");

        run.Code.Should().Be(1);
        run.Error.Should().StartWith($"Nobody answers at {gone}: Connection refused").And.Contain("is this its REST port?");
        run.Out.Should().BeEmpty();
    }

    public static TheoryData<string, string> OddMetadata => new()
    {
        { """[{"name":"x","datatype":"FP32","shape":[1.5]}]""", "BROKEN     v2.model  " },
        { """[{"name":"x","datatype":"FP32","shape":[-1,3000000000,3000000000]}]""", "not asked  v2.infer  " },
        { """[{"name":"x","datatype":"FP32","shape":[-1,3]},{"name":"x","datatype":"FP32","shape":[2000000]}]""", "not asked  v2.infer  " },
    };

    [Theory]
    [MemberData(nameof(OddMetadata))]
    public async Task Check_ModelThatDeclaresWhatCannotBe_IsReportedAndNoError(string inputs, string line)
    {
        await using BreakingProxy proxy = await BreakingProxy.StartAsync(_host.RestAddress, (asked, good) => asked.Line == "GET /v2/models/sum"
            ? good with { Body = $$"""{"name":"sum","versions":null,"platform":"","inputs":{{inputs}},"outputs":[{"name":"a","datatype":"FP64","shape":[1]},{"name":"a","datatype":"FP64","shape":[1]}]}""" }
            : good);

        ToolRun run = await ToolRun.OfAsync("check", proxy.Address.ToString(), "-m", "sum", "--protocols", "v2");

        run.Error.Should().BeEmpty();
        run.Out.Should().Contain(line);
    }

    [Theory]
    [InlineData("""{"inputs":[5]}""")]
    [InlineData("""{"inputs":[{"name":"x"}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1.5],"data":[1]}]}""")]
    public async Task Check_OwnRequestWithoutTensors_IsRefused(string body)
    {
        ToolRun run = await ToolRun.WithInputAsync(body, "check", _host.RestAddress.ToString(), "--body", "-");

        run.Code.Should().Be(1);
        run.Error.Should().StartWith("--body: each of \"inputs\" has name, datatype, and shape");
    }

    [Theory]
    [InlineData("not a url", "is no http or https URL")]
    [InlineData("ftp://host", "is no http or https URL")]
    public async Task Check_BadAddress_IsRefused(string url, string reason)
    {
        ToolRun run = await ToolRun.OfAsync("check", url);

        run.Code.Should().Be(1);
        run.Error.Should().Contain(reason);
    }

    [Fact]
    public void Cases_TheFile_HasUniqueIdsAndAllParts()
    {
        IReadOnlyList<CheckCase> cases = CheckCase.LoadAll();

        cases.Select(c => c.Id).Should().OnlyHaveUniqueItems();
        cases.Should().OnlyContain(c => c.Id.StartsWith(c.Group + ".") && (c.Must != null || c.Should != null) && (c.Send == null) != (c.Call == null));
    }

    /// <summary>The one thing wrong, by the case that should notice it.</summary>
    private static Func<Asked, Answer, Answer> Break(string id) => (asked, good) => (id, asked.Line) switch
    {
        ("v1.live", "GET /") => good with { Body = "{\"ok\":true}" },
        ("v1.models", "GET /v1/models") => good with { Body = "{\"models\":{\"sum\":1}}" },
        ("v1.model.unknown", "GET /v1/models/sidecars-check-no-such-model") => new(200, "application/json", "{\"ready\":false}"),
        ("v1.predict.malformed", "POST /v1/models/sum:predict") when asked.Body == "not json" => good with { Status = 500 },
        ("v1.predict.no-content-type", "POST /v1/models/sum:predict") when asked.ContentType is null =>
            new(415, "application/json", "{\"error\":\"no content type\"}"),
        ("v2.live", "GET /v2/health/live") => new(200, null, ""),
        ("v2.model", "GET /v2/models/sum") => good with { Body = good.Body.Replace("\"datatype\"", "\"type\"", StringComparison.Ordinal) },
        ("v2.model.unknown", "GET /v2/models/sidecars-check-no-such-model") => good with { Body = "{\"detail\":\"nope\"}" },
        ("v2.infer", "POST /v2/models/sum/infer") when asked.Body.Contains("check-42", StringComparison.Ordinal) =>
            good with { Body = good.Body.Replace("FP64", "FP32", StringComparison.Ordinal) },
        ("v2.infer.no-id", "POST /v2/models/sum/infer") when good.Status == 200 && !asked.Body.Contains("check-42", StringComparison.Ordinal) =>
            new(500, "application/json", "{\"error\":\"id\"}"),
        ("v2.infer.malformed", "POST /v2/models/sum/infer") when asked.Body == "not json" => new(422, "application/json", "{\"detail\":[]}"),
        ("v2.infer.wrong-shape", "POST /v2/models/sum/infer") when asked.Body.Contains("[4]", StringComparison.Ordinal) =>
            good with { Status = 500 },
        _ => good,
    };

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
