using System.Text;
using System.Text.Json;
using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;
using static Sidecars.EndToEnd.Cases.V2Requests;
using static Sidecars.EndToEnd.Wire.HttpRequestText;

namespace Sidecars.EndToEnd.Cases;

/// <summary>Contract section C, second part: V2 inference in JSON. Schema errors are 400 and name what was wrong.</summary>
[Collection(SharedServerTests.Name)]
public sealed class V2JsonCases(SharedServer shared)
{
    private const string Good = """{"id":"42","inputs":[{"name":"i0","shape":[2,2],"datatype":"FP32","data":[1,2,3.5,4]}]}""";

    private const string GoodAnswer =
        """{"model_name":"echo","model_version":null,"id":"42","parameters":null,"outputs":[{"name":"i0","shape":[2,2],"datatype":"FP32","parameters":null,"data":[1.0,2.0,3.5,4.0]}]}""";

    private const string Two =
        """
        "inputs":[{"name":"a","shape":[1],"datatype":"INT32","data":[1]},{"name":"b","shape":[1],"datatype":"INT32","data":[2]}]
        """;

    private static readonly HttpCase[] _cases =
    [
        new("94 infer", Json(Good), Expect.Ok(GoodAnswer)),
        new("95 JSON with charset", Typed("application/json; charset=utf-8"), Expect.Ok(GoodAnswer)),
        new("95 JSON in upper case", Typed("APPLICATION/JSON"), Expect.Ok(GoodAnswer)),
        new("95 JSON with a suffix", Typed("application/vnd.acme+json"), Expect.Ok(GoodAnswer)),
        new("96 no content-type", Post(Echo).WithBody(Good), Expect.Error(400, MissingLength)),
        new("96 text/plain", Typed("text/plain"), Expect.Error(400, MissingLength)),
        new("97 chunked", Json(Good).Chunked(7), Expect.Ok(GoodAnswer)),
        new("98 unknown model", PostJson("/v2/models/zzz/infer", Good), Expect.Error(404, "Model with name zzz does not exist.")),
        new("99 unknown model and bad JSON", PostJson("/v2/models/zzz/infer", "not json"), Expect.Status(400, 404)),
        new("100 not ready", PostJson("/v2/models/nr/infer", Good), Expect.Error(503, "Model with name nr is not ready.")),
        new("101 InvalidInput", PostJson("/v2/models/invalid-input/infer", Good), Expect.Error(400, "bad thing")),
        new("101 InferenceError", PostJson("/v2/models/inference-error/infer", Good), Expect.Error(500, "boom")),
        new("101 ModelNotFound", PostJson("/v2/models/model-not-found/infer", Good), Expect.Error(404, "Model with name zz does not exist.")),
        new("101 ModelNotReady", PostJson("/v2/models/model-not-ready/infer", Good), Expect.Error(503, "Model with name zz is not ready. det")),
        new("101 NotImplemented", PostJson("/v2/models/not-implemented/infer", Good), Expect.Error(501, "nope")),
        new("101 UnsupportedProtocol", PostJson("/v2/models/unsupported-protocol/infer", Good), Expect.Error(501, "Unsupported protocol v9.")),
        new("101 ServerNotReady", PostJson("/v2/models/server-not-ready/infer", Good), Expect.Error(503, "Server is not ready.")),
        new("101 an exception not ours", PostJson("/v2/models/other-error/infer", Good).With("X-Request-Id", "rid-101-ab"),
            Expect.ErrorWith(500, "rid-101-ab")),
        new("102 not JSON", Json("not json"), Expect.ErrorWith(400)),
        new("102 cut short", Json("""{"inputs":[{"name":"a","""), Expect.ErrorWith(400)),
        new("103 empty body", Json(""), Expect.ErrorWith(400)),
        new("103 root is no object", Json("[1]"), Expect.ErrorWith(400)),
        new("103 root null", Json("null"), Expect.ErrorWith(400)),
        new("103 no inputs", Json("{}"), Expect.ErrorWith(400, "inputs")),
        new("103 inputs null", Json("""{"inputs":null}"""), Expect.ErrorWith(400, "inputs")),
        new("103 inputs no list", Json("""{"inputs":{"name":"a"}}"""), Expect.ErrorWith(400, "inputs")),
        new("103 input no object", Json("""{"inputs":[5]}"""), Expect.ErrorWith(400)),
        new("104 no data", Json("""{"inputs":[{"name":"aaa","shape":[1],"datatype":"INT32"}]}"""), Expect.ErrorWith(400, "aaa", "data")),
        new("104 data a scalar", Json("""{"inputs":[{"name":"aaa","shape":[1],"datatype":"INT32","data":5}]}"""), Expect.ErrorWith(400, "aaa", "data")),
        new("104 data an object", Json("""{"inputs":[{"name":"aaa","shape":[1],"datatype":"INT32","data":{}}]}"""), Expect.ErrorWith(400, "aaa", "data")),
        new("104 no name", Json("""{"inputs":[{"shape":[1],"datatype":"INT32","data":[1]}]}"""), Expect.ErrorWith(400, "name")),
        new("104 name no text", Json("""{"inputs":[{"name":5,"shape":[1],"datatype":"INT32","data":[1]}]}"""), Expect.ErrorWith(400, "name")),
        new("104 no shape", Json("""{"inputs":[{"name":"aaa","datatype":"INT32","data":[1]}]}"""), Expect.ErrorWith(400, "aaa", "shape")),
        new("104 shape no list", Json("""{"inputs":[{"name":"aaa","shape":1,"datatype":"INT32","data":[1]}]}"""), Expect.ErrorWith(400, "aaa", "shape")),
        new("104 no datatype", Json("""{"inputs":[{"name":"aaa","shape":[1],"data":[1]}]}"""), Expect.ErrorWith(400, "aaa", "datatype")),
        new("104 datatype no text", Json("""{"inputs":[{"name":"aaa","shape":[1],"datatype":5,"data":[1]}]}"""), Expect.ErrorWith(400, "aaa", "datatype")),
        new("105 id a number", Json("""{"id":5,"inputs":[]}"""), Expect.ErrorWith(400, "id")),
        new("106 shape of a fraction", One("INT32", "[1.5]", "[1]"), Expect.ErrorWith(400, "'a'", "shape")),
        new("106 shape of text", One("INT32", "[\"x\"]", "[1]"), Expect.ErrorWith(400, "'a'", "shape")),
        new("107 shape of whole floats", One("INT32", "[2.0]", "[1,2]"), OneAnswer("INT32", "[2]", "[1,2]")),
        new("107 shape of whole text", One("INT32", "[\"1\"]", "[1]"), OneAnswer("INT32", "[1]", "[1]")),
        new("108 extra keys", Json("""{"foo":{"x":[1]},"id":"1","inputs":[{"name":"a","bar":null,"shape":[1],"datatype":"INT32","data":[1]}]}"""),
            OneAnswer("INT32", "[1]", "[1]")),
        new("109 no inputs in the list", Json("""{"id":"1","inputs":[]}"""),
            Expect.Ok("""{"model_name":"echo","model_version":null,"id":"1","parameters":null,"outputs":[]}""")),
        new("110 no id", Json("""{"inputs":[{"name":"a","shape":[1],"datatype":"INT32","data":[1]}]}"""), Expect.Status(200)
            .That(a => Guid.TryParseExact(a.Json().GetProperty("id").GetString(), "D", out Guid id).Should().BeTrue("the id must be a UUID"))),
        new("111 empty id", Json("""{"id":"","inputs":[]}"""), Expect.Status(200)
            .That(a => a.Json().GetProperty("id").GetString().Should().BeEmpty())),
        new("112 datatype unknown", One("XYZ", "[1]", "[1]"), Expect.ErrorWith(400, "datatype")),
        new("112 datatype BF16 in JSON", One("BF16", "[1]", "[1]"), Expect.ErrorWith(400)),
        new("113 datatype in lower case", One("fp32", "[1]", "[1]"), OneAnswer("FP32", "[1]", "[1.0]")),
        new("113 FP16 in JSON", One("FP16", "[1]", "[1]"),
            Expect.Error(400, "Sending FP16 data via JSON is not supported. Please use the binary data format for input a")),
        new("114 too few elements", One("FP32", "[3]", "[1]"), Expect.ErrorWith(400, "'a'")),
        new("114 too many elements", One("FP32", "[1]", "[1,2]"), Expect.ErrorWith(400, "'a'")),
        new("4.7 ragged", One("FP32", "[2,2]", "[[1,2],[3]]"), Expect.ErrorWith(400)),
        new("4.7 ragged, right count", One("FP32", "[2,2]", "[[1,2,3],[4]]"), Expect.ErrorWith(400)),
        new("4.7 nested deeper than lists", One("FP32", "[2]", "[1,[2]]"), Expect.ErrorWith(400)),
        new("4.7 nested", One("FP32", "[2,2]", "[[1,2],[3,4]]"), OneAnswer("FP32", "[2,2]", "[1.0,2.0,3.0,4.0]")),
        new("4.2 nested into a flat shape", One("FP32", "[4]", "[[1,2],[3,4]]"), OneAnswer("FP32", "[4]", "[1.0,2.0,3.0,4.0]")),
        new("4.2 row-major into another shape", One("INT64", "[3,2]", "[[1,2,3],[4,5,6]]"), OneAnswer("INT64", "[3,2]", "[1,2,3,4,5,6]")),
        new("4.7 minus one", One("FP32", "[-1]", "[1]"), Expect.ErrorWith(400, "'a'")),
        new("4.7 negative", One("FP32", "[-2,-1]", "[1,2]"), Expect.ErrorWith(400, "'a'")),
        new("4.7 huge", One("FP32", "[9223372036854775807]", "[1]"), Expect.ErrorWith(400, "'a'")),
        new("4.7 product overflows to zero", One("FP32", "[4294967296,4294967296]", "[]"), Expect.ErrorWith(400, "'a'")),
        new("4.7 beyond 64 bits", One("FP32", "[99999999999999999999]", "[1]"), Expect.ErrorWith(400)),
        new("4.7 scalar", One("FP32", "[]", "[1.5]"), OneAnswer("FP32", "[]", "[1.5]")),
        new("4.7 zero", One("FP32", "[0]", "[]"), OneAnswer("FP32", "[0]", "[]")),
        new("4.7 zero within", One("FP32", "[1,0]", "[]"), OneAnswer("FP32", "[1,0]", "[]")),
        new("115 BYTES", One("BYTES", "[3]", """["ab","","é😀"]"""), OneAnswer("BYTES", "[3]", """["ab","","é😀"]""")),
        new("116 BYTES of a number", One("BYTES", "[1]", "[5]"), OneAnswer("BYTES", "[1]", "[\"5\"]")),
        new("117 BYTES nested", One("BYTES", "[2,1]", """[["a"],["b"]]"""), OneAnswer("BYTES", "[2,1]", """["a","b"]""")),
        new("118 FP32 is a float", One("FP32", "[1]", "[0.1]"), OneAnswer("FP32", "[1]", "[0.10000000149011612]")),
        new("118 FP32 rounds", One("FP32", "[1]", "[16777217]"), OneAnswer("FP32", "[1]", "[16777216.0]")),
        new("118 FP32 extremes", One("FP32", "[3]", "[3.4028235e38,1e-45,-0.0]"), Expect.Status(200).That(a => a.Json().GetProperty("outputs")[0]
            .GetProperty("data").EnumerateArray().Select(v => v.GetSingle()).Should().Equal(float.MaxValue, float.Epsilon, -0.0f))),
        new("119 FP64", One("FP64", "[4]", "[0.1,1e-7,1e22,-0.0]"), OneAnswer("FP64", "[4]", "[0.1,1e-7,1e22,-0.0]")),
        new("120 BOOL", One("BOOL", "[2]", "[true,false]"), OneAnswer("BOOL", "[2]", "[true,false]")),
        new("121 INT8", One("INT8", "[2]", "[-128,127]"), OneAnswer("INT8", "[2]", "[-128,127]")),
        new("121 INT16", One("INT16", "[2]", "[-32768,32767]"), OneAnswer("INT16", "[2]", "[-32768,32767]")),
        new("121 INT32", One("INT32", "[2]", "[-2147483648,2147483647]"), OneAnswer("INT32", "[2]", "[-2147483648,2147483647]")),
        new("121 INT64", One("INT64", "[3]", "[-9223372036854775808,9223372036854775807,9007199254740993]"),
            OneAnswer("INT64", "[3]", "[-9223372036854775808,9223372036854775807,9007199254740993]")),
        new("121 UINT8", One("UINT8", "[2]", "[0,255]"), OneAnswer("UINT8", "[2]", "[0,255]")),
        new("121 UINT16", One("UINT16", "[1]", "[65535]"), OneAnswer("UINT16", "[1]", "[65535]")),
        new("121 UINT32", One("UINT32", "[1]", "[4294967295]"), OneAnswer("UINT32", "[1]", "[4294967295]")),
        new("121 UINT64", One("UINT64", "[1]", "[18446744073709551615]"), OneAnswer("UINT64", "[1]", "[18446744073709551615]")),
        new("4.6 INT64 out of range", One("INT64", "[1]", "[9223372036854775808]"), Expect.ErrorWith(400, "'a'")),
        new("4.6 INT8 out of range", One("INT8", "[1]", "[300]"), Expect.ErrorWith(400, "'a'")),
        new("4.6 UINT8 negative", One("UINT8", "[1]", "[-1]"), Expect.ErrorWith(400, "'a'")),
        new("4.6 UINT64 negative", One("UINT64", "[1]", "[-1]"), Expect.ErrorWith(400, "'a'")),
        new("4.6 FP32 out of range", One("FP32", "[1]", "[1e39]"), Expect.ErrorWith(400, "'a'")),
        new("4.6 FP32 of text", One("FP32", "[1]", "[\"x\"]"), Expect.ErrorWith(400, "'a'")),
        new("4.6 FP32 of an object", One("FP32", "[1]", "[{}]"), Expect.ErrorWith(400, "'a'")),
        new("4.6 INT32 of text", One("INT32", "[1]", "[\"x\"]"), Expect.ErrorWith(400, "'a'")),
        new("4.6 INT32 of null", One("INT32", "[1]", "[null]"), Expect.ErrorWith(400, "'a'")),
        new("4.6 BYTES of an object", One("BYTES", "[1]", "[{}]"), Expect.ErrorWith(400, "'a'")),
        new("122 one of two outputs", Json($$"""{"id":"1",{{Two}},"outputs":[{"name":"b"}]}"""), Expect.Status(200)
            .That(a => OutputNames(a).Should().Equal("b")).That(a => Data(a).Should().Be("[2]"))),
        new("122 the order asked for", Json($$"""{"id":"1",{{Two}},"outputs":[{"name":"b"},{"name":"a"}]}"""), Expect.Status(200)
            .That(a => OutputNames(a).Should().Equal("b", "a"))),
        new("122 the hook's order", Json($$"""{"id":"1",{{Two}}}"""), Expect.Status(200).That(a => OutputNames(a).Should().Equal("a", "b"))),
        new("122 no outputs named is all", Json($$"""{"id":"1",{{Two}},"outputs":[]}"""), Expect.Status(200)
            .That(a => OutputNames(a).Should().Equal("a", "b"))),
        new("123 unknown output", Json($$"""{"id":"1",{{Two}},"outputs":[{"name":"nope"}]}"""),
            Expect.Error(400, "Unexpected inference output 'nope' for model 'echo'")),
        new("4.2 an input twice", Json("""
            {"id":"1","inputs":[{"name":"a","shape":[1],"datatype":"INT32","data":[1]},{"name":"a","shape":[1],"datatype":"INT32","data":[2]}]}
            """), Expect.Status(200)),
        new("127 parameters of every kind", Json("""
            {"id":"1","parameters":{"n":1,"f":1.5,"b":true,"s":"x"},
             "inputs":[{"name":"a","shape":[1],"datatype":"INT32","parameters":{"n":-1,"f":0.5,"b":false,"s":""},"data":[1]}]}
            """), Expect.Status(200).That(a => Data(a).Should().Be("[1]"))),
        new("128 parameter an object", Json("""{"id":"1","parameters":{"x":{}},"inputs":[]}"""), Expect.ErrorWith(400)),
        new("128 input's parameter an object", Json("""
            {"inputs":[{"name":"a","shape":[1],"datatype":"INT32","parameters":{"x":[1]},"data":[1]}]}
            """), Expect.ErrorWith(400)),
        new("128 parameters no object", Json("""{"parameters":[1],"inputs":[]}"""), Expect.ErrorWith(400)),
        new("128 outputs no list", Json("""{"outputs":5,"inputs":[]}"""), Expect.ErrorWith(400)),
        new("128 output without a name", Json("""{"outputs":[{}],"inputs":[]}"""), Expect.ErrorWith(400)),
        new("4.2 a byte order mark is let through", Post(Echo).With("Content-Type", "application/json")
            .WithBody([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Good)]), Expect.Status(200, 400)),
        new("4.2 NaN text", One("FP32", "[1]", "[NaN]"), Expect.Status(200, 400)),
        new("4.6 null in FP64", One("FP64", "[1]", "[null]"), Expect.Status(200, 400)),
        new("148 binary CloudEvent", WithEvent(Json(Good)), CloudEventCases.BinaryAnswer("echo").Json(GoodAnswer)),
    ];

    public static TheoryData<string> Names => HttpCase.Names(_cases);

    [Theory]
    [MemberData(nameof(Names))]
    public Task V2Json_Request_IsAnsweredAsTheContractSays(string name) => shared.RunAsync(_cases, name);

    [Fact(DisplayName = "110 each answer without an id gets one of its own")]
    public async Task V2Json_NoId_GivesNewUuidOfVersion4()
    {
        HttpRequestText request = Json("""{"inputs":[]}""");
        HttpAnswer one = await shared.CheckAsync(request, Expect.Status(200));
        HttpAnswer two = await shared.CheckAsync(request, Expect.Status(200));
        string[] ids = [.. new[] { one, two }.Select(a => a.Json().GetProperty("id").GetString()!)];
        ids[0].Should().NotBe(ids[1]).And.MatchRegex("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
    }

    private static HttpRequestText Typed(string contentType) => Post(Echo).With("Content-Type", contentType).WithBody(Good);

    private static HttpRequestText WithEvent(HttpRequestText request) => request.With("ce-specversion", "1.0").With("ce-id", "1")
        .With("ce-source", "s").With("ce-type", "t");
}
