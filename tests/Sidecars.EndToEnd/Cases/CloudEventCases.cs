using System.Text.Json;
using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;
using static Sidecars.EndToEnd.Wire.HttpRequestText;

namespace Sidecars.EndToEnd.Cases;

/// <summary>Contract section B: CloudEvents over HTTP, binary and structured.</summary>
[Collection(SharedServerTests.Name)]
public sealed class CloudEventCases(SharedServer shared)
{
    private const string Predict = "/v1/models/echo:predict";

    private const string Data = """{"instances":[1]}""";

    // The body of an event is spaced as Python's json writes it.
    private const string Spaced = """{"predictions": [1]}""";

    private const string Structured =
        """{"specversion":"1.0","id":"36077800","source":"s","type":"t","time":"2024-05-01T10:00:00Z","data":{"instances":[1]}}""";

    private static readonly HttpCase[] _cases =
    [
        new("71 binary", Binary(Predict).With("Content-Type", "application/json").WithBody(Data), BinaryAnswer("echo").Text(Spaced)),
        new("71 binary with time", Binary(Predict).With("ce-time", "2024-05-01T10:00:00Z").With("Content-Type", "application/json").WithBody(Data),
            BinaryAnswer("echo").Text(Spaced)),
        new("71 binary, specversion 0.3", Binary(Predict, "0.3").With("Content-Type", "application/json").WithBody(Data),
            BinaryAnswer("echo").Text(Spaced)),
        new("72 binary without content-type", Binary(Predict).WithBody(Data), BinaryAnswer("echo").Text(Spaced)),
        new("72 binary, octet-stream", Binary(Predict).With("Content-Type", "application/octet-stream").WithBody(Data),
            BinaryAnswer("echo").Text(Spaced)),
        new("72 binary, text/plain", Binary(Predict).With("Content-Type", "text/plain").WithBody(Data), BinaryAnswer("echo").Text(Spaced)),
        new("73 one attribute missing", Post(Predict).With("ce-specversion", "1.0").With("ce-source", "s").With("ce-type", "t")
            .With("Content-Type", "application/json").WithBody(Data), Expect.Ok("""{"predictions":[1]}""").NoHeader("ce-id").NoHeader("ce-type")),
        new("74 unknown specversion", Binary(Predict, "9.9").With("Content-Type", "application/json").WithBody(Data),
            Expect.Error(400, "Cloud Event Exceptions: Found invalid specversion 9.9")),
        new("75 undecodable, ce-content-type JSON", Binary(Predict).With("ce-content-type", "application/json").WithBody("notjson"),
            Expect.ErrorWith(400, "Failed to decode or parse binary json cloudevent: ")),
        new("75 undecodable, ce-content-type cloudevents", Binary(Predict).With("ce-content-type", "application/cloudevents+json").WithBody("notjson"),
            Expect.ErrorWith(400, "Failed to decode or parse binary json cloudevent: ")),
        new("75 ce-contenttype with JSON", Binary(Predict).With("ce-contenttype", "application/json").WithBody(Data), BinaryAnswer("echo").Text(Spaced)),
        new("76 undecodable data reaches the hook", Binary(Predict).With("Content-Type", "text/plain").WithBody("notjson"), Expect.Status(200)),
        new("77 binary explain", Binary("/v1/models/echo:explain").With("Content-Type", "application/json").WithBody(Data),
            BinaryAnswer("echo").Json("""{"explained":{"instances":[1]}}""")),
        new("77 binary, text result", Binary("/v1/models/str:predict").With("Content-Type", "application/json").WithBody(Data),
            BinaryAnswer("str").Text("\"hello\"")),
        new("77 binary, bytes result", Binary("/v1/models/bytes:predict").With("Content-Type", "application/json").WithBody(Data),
            Expect.Status(200).Bytes(0, 1, 0x68, 0x69).Header("ce-source", "io.kserve.inference.bytes")),
        new("77 instances must be a list in an event too", Binary(Predict).With("Content-Type", "application/json").WithBody("""{"instances":5}"""),
            Expect.Error(400, "Expected \"instances\" to be a list").NoHeader("ce-id")),
        new("78 structured", Event(Predict, Structured), StructuredAnswer()),
        new("79 structured as application/json", PostJson(Predict, Structured), Expect.Ok("""{"predictions":[1]}""").NoHeader("ce-id")),
        new("79 structured without content-type", Post(Predict).WithBody(Structured), Expect.Ok("""{"predictions":[1]}""")),
        new("80 structured without time", Event(Predict, """{"specversion":"1.0","id":"1","source":"s","type":"t","data":{"instances":[1]}}"""),
            Expect.Status(200).Header("Content-Type", "application/cloudevents+json").That(a => a.Json().GetProperty("data").GetProperty("predictions")
                .GetProperty("data").GetProperty("instances")[0].GetInt32().Should().Be(1))),
        new("81 no event under the events' content type", Event(Predict, Data), StructuredAnswer()),
        new("82 error of a binary event", Binary("/v1/models/invalid-input:predict").With("Content-Type", "application/json").WithBody(Data),
            Expect.Error(400, "bad thing").NoHeader("ce-id").NoHeader("ce-specversion")),
        new("82 error of a structured event", Event("/v1/models/invalid-input:predict", Structured), Expect.Error(400, "bad thing")),
        new("82 error of decoding", Event(Predict, "notjson"), Expect.ErrorWith(400, "Unrecognized request format: ")),
        new("3.7 unknown model", Binary("/v1/models/zzz:predict").WithBody(Data), Expect.Error(404, "Model with name zzz does not exist.")),
    ];

    public static TheoryData<string> Names => HttpCase.Names(_cases);

    [Theory]
    [MemberData(nameof(Names))]
    public Task CloudEvent_Request_IsAnsweredAsTheContractSays(string name) => shared.RunAsync(_cases, name);

    [Fact(DisplayName = "3.7 each answer is an event of its own")]
    public async Task CloudEvent_TwoAnswers_HaveDifferentIds()
    {
        HttpRequestText request = Binary(Predict).With("Content-Type", "application/json").WithBody(Data);
        HttpAnswer one = await shared.CheckAsync(request, BinaryAnswer("echo"));
        HttpAnswer two = await shared.CheckAsync(request, BinaryAnswer("echo"));
        one.Header("ce-id").Should().NotBe(two.Header("ce-id"));
    }

    [Fact(DisplayName = "84 CE_MERGE, CE_TYPE and CE_SOURCE")]
    public async Task CloudEvent_Environment_ShapesTheAnswer()
    {
        await using Bench merging = await Bench.StartAsync([("CE_MERGE", "true")]);
        HttpRequestText binary = Binary(Predict).With("Content-Type", "application/json").With("ce-customext", "v").WithBody(Data);
        HttpAnswer answer = await merging.CheckAsync(binary, Expect.Status(200).Text(Spaced).Header("ce-customext", "v"));
        answer.Header("ce-id").Should().NotBe("request-id");
        HttpRequestText structured = Event(Predict, Structured.Replace("\"data\"", "\"customext\":\"w\",\"data\"", StringComparison.Ordinal));
        answer = await merging.CheckAsync(structured, Expect.Status(200).Header("Content-Type", "application/cloudevents+json"));
        answer.Json().GetProperty("customext").GetString().Should().Be("w");
        answer.Json().GetProperty("id").GetString().Should().NotBe("36077800");
        await merging.CheckAsync(Event(Predict, Data), Expect.Status(200).Header("Content-Type", "application/cloudevents+json"));

        await using Bench named = await Bench.StartAsync([("CE_TYPE", "my.type"), ("CE_SOURCE", "my.source")]);
        await named.CheckAsync(binary, Expect.Status(200).Header("ce-type", "my.type").Header("ce-source", "my.source")
            .NoHeader("ce-customext"));
    }

    internal static HttpRequestText Binary(string target, string specVersion = "1.0") => Post(target).With("ce-specversion", specVersion)
        .With("ce-id", "request-id").With("ce-source", "request-source").With("ce-type", "request.type");

    internal static Expect BinaryAnswer(string model) => Expect.Status(200)
        .Header("Content-Type", "application/json").Header("ce-specversion", "1.0")
        .Header("ce-source", "io.kserve.inference." + model).Header("ce-type", "io.kserve.inference.response")
        .That(a => Guid.TryParse(a.Header("ce-id"), out _).Should().BeTrue("ce-id '{0}' must be a UUID", a.Header("ce-id")))
        .That(a => a.Header("ce-time").Should().MatchRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$"));

    private static HttpRequestText Event(string target, string body) => Post(target).With("Content-Type", "application/cloudevents+json").WithBody(body);

    private static Expect StructuredAnswer() => Expect.Status(200).Header("Content-Type", "application/cloudevents+json").NoHeader("ce-id")
        .That(a => a.Text.Should().StartWith("""{"specversion": "1.0", "id": """).And.EndWith("""
            "data": {"predictions": [1]}}
            """))
        .That(answer =>
        {
            JsonElement root = answer.Json();
            root.EnumerateObject().Select(p => p.Name).Should().Equal("specversion", "id", "source", "type", "time", "data");
            root.GetProperty("id").GetString().Should().NotBe("36077800");
            Guid.TryParse(root.GetProperty("id").GetString(), out _).Should().BeTrue();
            root.GetProperty("source").GetString().Should().Be("io.kserve.inference.echo");
            root.GetProperty("type").GetString().Should().Be("io.kserve.inference.response");
            root.GetProperty("time").GetString().Should().MatchRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$");
        });
}
