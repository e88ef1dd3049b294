using System.Text;
using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;
using static Sidecars.EndToEnd.Wire.HttpRequestText;

namespace Sidecars.EndToEnd.Cases;

/// <summary>Contract section A, second part: decoding, hooks, encoding and errors of <c>:predict</c> and <c>:explain</c>.</summary>
[Collection(SharedServerTests.Name)]
public sealed class V1Cases(SharedServer shared)
{
    private const string Predict = "/v1/models/echo:predict";

    private const string Explain = "/v1/models/echo:explain";

    private const string Body = """{"instances":[[1,2],[3.5,4]]}""";

    private const string Answer = """{"predictions":[[1,2],[3.5,4]]}""";

    private const string BadFormat = "Unrecognized request format: ";

    private static readonly HttpCase[] _cases =
    [
        new("14 instances", PostJson(Predict, Body), Expect.Ok(Answer).Header("Content-Length", "31")),
        new("15 no content-type", Post(Predict).WithBody(Body), Expect.Ok(Answer)),
        new("16 octet-stream", Typed("application/octet-stream", Body), Expect.Ok(Answer)),
        new("16 ld+json", Typed("application/ld+json", Body), Expect.Ok(Answer)),
        new("3.4 JSON with charset", Typed("application/json; charset=utf-8", Body), Expect.Ok(Answer)),
        new("3.4 JSON in upper case", Typed("APPLICATION/JSON", Body), Expect.Ok(Answer)),
        new("18 text/plain reaches the hook", Typed("text/plain", Body), Expect.Status(200)),
        new("20 not JSON", PostJson(Predict, "not json"), Expect.ErrorWith(400, BadFormat)),
        new("19 empty body", PostJson(Predict, ""), Expect.ErrorWith(400, BadFormat)),
        new("19 empty body, no content-type", Post(Predict), Expect.ErrorWith(400, BadFormat)),
        new("21 trailing comma", PostJson(Predict, """{"instances":[1,]}"""), Expect.ErrorWith(400, BadFormat)),
        new("21 trailing text", PostJson(Predict, """{"instances":[1]} x"""), Expect.ErrorWith(400, BadFormat)),
        new("21 cut short", PostJson(Predict, """{"instances":[1"""), Expect.ErrorWith(400, BadFormat)),
        new("21 comment", PostJson(Predict, """{"instances":[1]/* no */}"""), Expect.ErrorWith(400, BadFormat)),
        new("22 NaN", PostJson(Predict, """{"instances":[NaN]}"""), Expect.ErrorWith(400, BadFormat)),
        new("22 Infinity", PostJson(Predict, """{"instances":[-Infinity]}"""), Expect.ErrorWith(400, BadFormat)),
        new("22 exponent overflow", PostJson(Predict, """{"instances":[1e999]}"""), Expect.ErrorWith(400, BadFormat)),
        new("24 byte order mark", Typed("application/json", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Body)]), Expect.ErrorWith(400, BadFormat)),
        new("25 invalid UTF-8", Typed("application/json", [.. "{\"instances\":[\""u8, 0xFF, 0xFE, .. "\"]}"u8]), Expect.ErrorWith(400, BadFormat)),
        new("25 lone surrogate", PostJson(Predict, """{"instances":["\ud800"]}"""), Expect.Status(200, 400)),
        new("26 root array", PostJson(Predict, "[1,2]"), Expect.Ok("""{"predictions":[1,2]}""")),
        new("26 root number", PostJson(Predict, "5"), Expect.Ok("""{"predictions":5}""")),
        new("26 root null", PostJson(Predict, "null"), Expect.Ok("""{"predictions":null}""")),
        new("26 root string", PostJson(Predict, "\"abc\""), Expect.Ok("""{"predictions":"abc"}""")),
        new("27 instances a number", PostJson(Predict, """{"instances":5}"""), Expect.Error(400, "Expected \"instances\" to be a list")),
        new("28 instances an object", PostJson(Predict, """{"instances":{"a":1}}"""), Expect.Error(400, "Expected \"instances\" to be a list")),
        new("28 instances null", PostJson(Predict, """{"instances":null}"""), Expect.Error(400, "Expected \"instances\" to be a list")),
        new("29 instances empty", PostJson(Predict, """{"instances":[]}"""), Expect.Ok("""{"predictions":[]}""")),
        new("30 inputs", PostJson(Predict, """{"inputs":5}"""), Expect.Ok("""{"predictions":{"inputs":5}}""")),
        new("30 empty object", PostJson(Predict, "{}"), Expect.Ok("""{"predictions":{}}""")),
        new("30 other keys beside instances", PostJson(Predict, """{"signature_name":"s","instances":[1],"x":{"y":2}}"""),
            Expect.Ok("""{"predictions":[1]}""")),
        new("31 64-bit integers", PostJson(Predict, """{"instances":[9223372036854775807,-9223372036854775808,18446744073709551615]}"""),
            Expect.Ok("""{"predictions":[9223372036854775807,-9223372036854775808,18446744073709551615]}""")),
        new("31 integers beyond 64 bits", PostJson(Predict, """{"instances":[12345678901234567890123]}"""), Expect.Status(200)
            .That(a => a.Json().GetProperty("predictions")[0].GetDouble().Should().Be(1.2345678901234568e22))),
        new("32 floats", PostJson(Predict, """{"instances":[1.0,0.1,1e-7,1e22,1e20,-0.0]}"""),
            Expect.Ok("""{"predictions":[1.0,0.1,1e-7,1e22,1e20,-0.0]}""")),
        new("33 text stays unescaped", PostJson(Predict, """{"instances":["é<>&'😀"]}"""), Expect.Ok("""{"predictions":["é<>&'😀"]}""")),
        new("33 escapes", PostJson(Predict, """{"instances":["\"\\\n\u0001"]}"""), Expect.OkJson("""{"predictions":["\"\\\n\u0001"]}""")),
        new("34 duplicate keys", PostJson(Predict, """{"a":1,"instances":[1],"a":2}"""), Expect.Ok("""{"predictions":[1]}""")),
        new("34 instances twice: the last wins", PostJson(Predict, """{"instances":[1],"instances":[2]}"""), Expect.Ok("""{"predictions":[2]}""")),
        new("3.1 answers are compact", PostJson(Predict, "{ \"instances\" : [ 1 , {\n\"a\" : 2 } ] }"), Expect.Ok("""{"predictions":[1,{"a":2}]}""")),
        new("37 other values", PostJson(Predict, """{"instances":[true,false,null,"",[],{}]}"""),
            Expect.Ok("""{"predictions":[true,false,null,"",[],{}]}""")),
        new("39 unknown model", PostJson("/v1/models/zzz:predict", Body), Expect.Error(404, "Model with name zzz does not exist.")),
        new("3.2 unknown model before bad JSON", PostJson("/v1/models/zzz:predict", "not json"),
            Expect.Error(404, "Model with name zzz does not exist.")),
        new("40 model not ready", PostJson("/v1/models/nr:predict", Body), Expect.Error(503, "Model with name nr is not ready.")),
        new("3.2 not ready before bad JSON", PostJson("/v1/models/nr:predict", "not json"), Expect.Error(503, "Model with name nr is not ready.")),
        new("51 InvalidInput", PostJson("/v1/models/invalid-input:predict", Body), Expect.Error(400, "bad thing")),
        new("52 InferenceError", PostJson("/v1/models/inference-error:predict", Body), Expect.Error(500, "boom")),
        new("53 ModelNotFound", PostJson("/v1/models/model-not-found:predict", Body), Expect.Error(404, "Model with name zz does not exist.")),
        new("54 ModelNotReady", PostJson("/v1/models/model-not-ready:predict", Body), Expect.Error(503, "Model with name zz is not ready. det")),
        new("55 NotImplemented", PostJson("/v1/models/not-implemented:predict", Body), Expect.Error(501, "nope")),
        new("56 UnsupportedProtocol", PostJson("/v1/models/unsupported-protocol:predict", Body), Expect.Error(501, "Unsupported protocol v9.")),
        new("57 ServerNotReady", PostJson("/v1/models/server-not-ready:predict", Body), Expect.Error(503, "Server is not ready.")),
        new("58 an exception not ours", PostJson("/v1/models/other-error:predict", Body).With("X-Request-Id", "rid-58-0a1b"),
            Expect.ErrorWith(500, "rid-58-0a1b").That(a => a.Error().Should().NotContain(" : v"))),
        new("60 bytes", PostJson("/v1/models/bytes:predict", Body), Expect.Status(200).Bytes(0, 1, 0x68, 0x69).NoHeader("Content-Type")),
        new("61 text", PostJson("/v1/models/str:predict", Body), Expect.Status(200).Text("hello").NoHeader("Content-Type")),
        new("62 list", PostJson("/v1/models/list:predict", Body), Expect.Ok("[1,2]")),
        new("62 null", PostJson("/v1/models/none:predict", Body), Expect.Ok("null")),
        new("63 stream", PostJson("/v1/models/stream:predict", Body), Expect.Status(200).Text("c0;c1;c2;")
            .Header("Transfer-Encoding", "chunked").NoHeader("Content-Type").NoHeader("Content-Length")
            .That(a => a.Chunks.Select(Encoding.UTF8.GetString).Should().Equal("c0;", "c1;", "c2;"))),
        new("64 header of a hook", PostJson("/v1/models/rh:predict", Body).With("X-Secret", "1"), Expect.Status(200).Header("X-My", "1")
            .NoHeader("X-Secret").That(a => a.Header("Content-Length").Should().Be(a.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)))),
        new("65 explain", PostJson(Explain, """{"instances":[1]}"""), Expect.Ok("""{"explained":{"instances":[1]}}""")),
        new("66 explain echoes no request header", PostJson(Explain, """{"instances":[1]}""").With("X-Secret", "1").With("Cookie", "c=1")
            .With("Authorization", "Bearer t"), Expect.Ok("""{"explained":{"instances":[1]}}""").NoHeader("X-Secret").NoHeader("Cookie")
            .NoHeader("Authorization").NoHeader("Host")),
        new("65 explain, no content-type", Post(Explain).WithBody("""{"instances":[1]}"""), Expect.Ok("""{"explained":{"instances":[1]}}""")),
        new("65 explain, not JSON", PostJson(Explain, "not json"), Expect.ErrorWith(400, BadFormat)),
        new("65 explain, not a list", PostJson(Explain, """{"instances":5}"""), Expect.Error(400, "Expected \"instances\" to be a list")),
        new("65 explain, unknown model", PostJson("/v1/models/zzz:explain", Body), Expect.Error(404, "Model with name zzz does not exist.")),
        new("65 explain, not ready", PostJson("/v1/models/nr:explain", Body), Expect.Error(503, "Model with name nr is not ready.")),
        new("65 explain raises", PostJson("/v1/models/invalid-input:explain", Body), Expect.Error(400, "bad thing")),
        new("67 no explainer", PostJson("/v1/models/proxy:explain", Body), Expect.Error(501, "Could not find explainer_host.")),
        new("70 header names in any case", PostJson(Predict, Body).With("X-Mixed-Case", "A").With("X-Dup", "1").With("x-dup", "2"), Expect.Ok(Answer)),
        new("slow answers", PostJson("/v1/models/slow:predict", Body), Expect.Status(200)),
    ];

    public static TheoryData<string> Names => HttpCase.Names(_cases);

    [Theory]
    [MemberData(nameof(Names))]
    public Task V1_Request_IsAnsweredAsTheContractSays(string name) => shared.RunAsync(_cases, name);

    private static HttpRequestText Typed(string contentType, string body) => Typed(contentType, Encoding.UTF8.GetBytes(body));

    private static HttpRequestText Typed(string contentType, byte[] body) => Post(Predict).With("Content-Type", contentType).WithBody(body);
}
