using System.Text;
using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;
using static Sidecars.EndToEnd.Cases.V2Requests;

namespace Sidecars.EndToEnd.Cases;

/// <summary>Contract section C, third part: the binary tensor extension, both ways.</summary>
[Collection(SharedServerTests.Name)]
public sealed class V2BinaryCases(SharedServer shared)
{
    private const string BadFormat = "Unrecognized request format";

    private static readonly byte[] _one = Hex("0000803F");

    private static readonly byte[] _oneTwo = Hex("0000803F 00000040");

    private static readonly HttpCase[] _cases =
    [
        new("124 binary out, to the byte", Json("""
            {"id":"9","inputs":[{"name":"a","shape":[1],"datatype":"FP32","data":[1]}],"outputs":[{"name":"a","parameters":{"binary_data":true}}]}
            """), BinaryAnswer(
                """{"id":"9","model_name":"echo","model_version":null,"outputs":[{"name":"a","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":4}}]}""",
                _one).Header("Inference-Header-Content-Length", "142")),
        new("125 binary_data_output", Json("""
            {"id":"1","parameters":{"binary_data_output":true},"inputs":[{"name":"a","shape":[1],"datatype":"FP32","data":[1]}]}
            """), OneBinaryFirst("FP32", _one)),
        new("125 binary_data_output of text", Json("""
            {"id":"1","parameters":{"binary_data_output":"yes"},"inputs":[{"name":"a","shape":[1],"datatype":"FP32","data":[1]}]}
            """), OneBinaryFirst("FP32", _one)),
        new("125 binary_data_output false", Json("""
            {"id":"1","parameters":{"binary_data_output":false},"inputs":[{"name":"a","shape":[1],"datatype":"FP32","data":[1]}]}
            """), Expect.Status(200).Header("Content-Type", "application/json").That(a => Data(a).Should().Be("[1.0]"))),
        new("126 the output's own wish wins", Json("""
            {"id":"1","parameters":{"binary_data_output":true},"inputs":[{"name":"a","shape":[1],"datatype":"FP32","data":[1]}],"outputs":[{"name":"a"}]}
            """), Expect.Status(200).Header("Content-Type", "application/json").NoHeader("Inference-Header-Content-Length")
                .That(a => Data(a).Should().Be("[1.0]"))),
        new("126 one output binary, one not", Json("""
            {"id":"1","inputs":[{"name":"a","shape":[1],"datatype":"FP32","data":[1]},{"name":"b","shape":[1],"datatype":"INT32","data":[7]}],
             "outputs":[{"name":"b"},{"name":"a","parameters":{"binary_data":true}}]}
            """), Expect.Status(200).Header("Content-Type", "application/octet-stream").That(a => a.Body[^4..].Should().Equal(_one))
                .That(a => Head(a).GetProperty("outputs")[0].GetProperty("data")[0].GetInt32().Should().Be(7))
                .That(a => Head(a).GetProperty("outputs")[1].GetProperty("parameters").GetProperty("binary_data_size").GetInt32().Should().Be(4))),
        new("129 binary in, JSON out", OneBinary("FP32", "[2]", _oneTwo), OneAnswer("FP32", "[2]", "[1.0,2.0]")),
        new("130 without content-type", WithoutType(OneBinary("FP32", "[2]", _oneTwo)), OneAnswer("FP32", "[2]", "[1.0,2.0]")),
        new("130 chunked", OneBinary("FP32", "[2]", _oneTwo).Chunked(11), OneAnswer("FP32", "[2]", "[1.0,2.0]")),
        new("131 two tensors in order", Binary("""
            {"id":"1","inputs":[{"name":"a","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":4}},
             {"name":"b","shape":[2],"datatype":"INT16","parameters":{"binary_data_size":4}}]}
            """, _one, Hex("0100FFFF")), Expect.Status(200).That(a => OutputNames(a).Should().Equal("a", "b"))
                .That(a => a.Json().GetProperty("outputs")[1].GetProperty("data").GetRawText().Should().Be("[1,-1]"))),
        new("131 one binary, one in JSON", Binary("""
            {"id":"1","inputs":[{"name":"j","shape":[1],"datatype":"INT32","data":[3]},
             {"name":"b","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":4}}]}
            """, _one), Expect.Status(200).That(a => Data(a).Should().Be("[3]"))
                .That(a => a.Json().GetProperty("outputs")[1].GetProperty("data").GetRawText().Should().Be("[1.0]"))),
        new("131 all in JSON", Binary("""{"id":"1","inputs":[{"name":"a","shape":[1],"datatype":"INT32","data":[3]}]}"""),
            OneAnswer("INT32", "[1]", "[3]")),
        new("132 no header", HttpRequestText.Post(Echo).With("Content-Type", "application/octet-stream").WithBody("{}"), Expect.Error(400, MissingLength)),
        new("133 both in binary", OneBinary("FP32", "[2]", _oneTwo, binaryOut: true), OneBinaryAnswer("FP32", "[2]", _oneTwo)),
        new("134 BYTES", OneBinary("BYTES", "[3]", Hex("02000000 6162 00000000 02000000 C3A9")), OneAnswer("BYTES", "[3]", """["ab","","é"]""")),
        new("135 data and size: data win", Binary("""
            {"id":"1","inputs":[{"name":"a","shape":[1],"datatype":"INT32","parameters":{"binary_data_size":4},"data":[3]}]}
            """, Hex("05000000")), Expect.Status(200).That(a => Data(a).Should().Be("[3]"))),
        new("136 neither data nor size", Binary("""{"inputs":[{"name":"a","shape":[1],"datatype":"FP32"}]}"""),
            Expect.Error(400, "'data' field is missing for input 'a' for model 'echo'")),
        new("136 neither, with parameters", Binary("""{"inputs":[{"name":"a","shape":[1],"datatype":"FP32","parameters":{"x":1}}]}"""),
            Expect.Error(400, "'data' field is missing for input 'a' for model 'echo'")),
        new("137 size null", Binary("""{"inputs":[{"name":"a","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":null}}]}""", _one),
            Expect.Error(400, "'binary_data_size' is not specified for input 'a' for model 'echo'")),
        new("137 size text", Binary("""{"inputs":[{"name":"a","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":"x"}}]}""", _one),
            Expect.ErrorWith(400)),
        new("137 size negative", Binary("""{"inputs":[{"name":"a","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":-4}}]}""", _one),
            Expect.ErrorWith(400)),
        new("137 size huge", Binary("""{"inputs":[{"name":"a","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":9223372036854775807}}]}""", _one),
            Expect.ErrorWith(400)),
        new("138 size no multiple", OneBinary("FP32", "[2]", Hex("00000000000000")), Expect.ErrorWith(400, "'a'")),
        new("138 size too small for the shape", OneBinary("FP32", "[2]", _one), Expect.ErrorWith(400, "'a'")),
        new("138 size too large for the shape", OneBinary("FP32", "[1]", _oneTwo), Expect.ErrorWith(400, "'a'")),
        new("138 body shorter than the size", Binary(
            """{"inputs":[{"name":"a","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}}]}""", _one), Expect.ErrorWith(400, "'a'")),
        new("139 bytes left over are ignored", Binary("""
            {"id":"1","inputs":[{"name":"a","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":4}}]}
            """, _one, Hex("DEADBEEF")), OneAnswer("FP32", "[1]", "[1.0]")),
        new("140 header too small", Wrong("5"), Expect.ErrorWith(400, BadFormat)),
        new("140 header too large", Wrong("99999"), Expect.ErrorWith(400, BadFormat)),
        new("140 header zero", Wrong("0"), Expect.ErrorWith(400)),
        new("140 header negative", Wrong("-1"), Expect.ErrorWith(400)),
        new("140 header no number", Wrong("abc"), Expect.ErrorWith(400)),
        new("140 header beyond 64 bits", Wrong("99999999999999999999"), Expect.ErrorWith(400)),
        new("140 header with a fraction", Wrong("5.5"), Expect.ErrorWith(400)),
        new("140 broken JSON", Binary("""{"inputs":["""), Expect.ErrorWith(400, BadFormat)),
        new("141 no inputs", Binary("""{"id":"1"}"""), Expect.ErrorWith(400, "inputs")),
        new("141 no name", Binary("""{"inputs":[{"shape":[1],"datatype":"FP32","parameters":{"binary_data_size":4}}]}""", _one), Expect.ErrorWith(400, "name")),
        new("142 BYTES that are no text stay bytes", OneBinary("BYTES", "[1]", Hex("02000000 FFFE"), binaryOut: true),
            OneBinaryAnswer("BYTES", "[1]", Hex("02000000 FFFE"))),
        new("142 BYTES that are no text, JSON out", OneBinary("BYTES", "[1]", Hex("02000000 FFFE")), Expect.ErrorWith(400)),
        new("143 BYTES shorter than its length", OneBinary("BYTES", "[1]", Hex("05000000 6162")), Expect.ErrorWith(400, "'a'")),
        new("143 BYTES with a huge length", OneBinary("BYTES", "[1]", Hex("FFFFFFFF 6162")), Expect.ErrorWith(400, "'a'")),
        new("143 BYTES with half a length", OneBinary("BYTES", "[1]", Hex("0500")), Expect.ErrorWith(400, "'a'")),
        new("143 BYTES with too many elements", OneBinary("BYTES", "[1]", Hex("01000000 61 01000000 62")), Expect.ErrorWith(400, "'a'")),
        new("143 BYTES with too few elements", OneBinary("BYTES", "[2]", Hex("01000000 61")), Expect.ErrorWith(400, "'a'")),
        new("4.6 FP16 both ways", OneBinary("FP16", "[2]", Hex("003C 00C0"), binaryOut: true), OneBinaryAnswer("FP16", "[2]", Hex("003C 00C0"))),
        new("4.6 FP16 out in JSON", OneBinary("FP16", "[1]", Hex("003C")),
            Expect.Error(400, "Sending FP16 data via JSON is not supported. Please use the binary data format for output a")),
        new("4.6 FP16 in JSON within a binary request", Binary("""{"inputs":[{"name":"a","shape":[1],"datatype":"FP16","data":[1]}]}"""),
            Expect.Error(400, "Receiving FP16 data via JSON is not supported. Please use the binary data format for input a")),
        new("4.6 BF16 both ways", OneBinary("BF16", "[2]", Hex("803F 0040"), binaryOut: true), OneBinaryAnswer("BF16", "[2]", Hex("803F 0040"))),
        new("4.6 BF16 out in JSON", OneBinary("BF16", "[1]", Hex("803F")), Expect.ErrorWith(400)),
        new("4.6 BOOL: any byte but zero is true", OneBinary("BOOL", "[3]", Hex("00 01 02")), OneAnswer("BOOL", "[3]", "[false,true,true]")),
        new("4.6 NaN and infinities in binary", OneBinary("FP32", "[3]", Hex("0000C07F 0000807F 000080FF"), binaryOut: true),
            OneBinaryAnswer("FP32", "[3]", Hex("0000C07F 0000807F 000080FF"))),
        new("4.6 NaN and infinities become null", OneBinary("FP32", "[3]", Hex("0000C07F 0000807F 000080FF")), OneAnswer("FP32", "[3]", "[null,null,null]")),
        new("4.6 empty tensor", OneBinary("FP32", "[0]", [], binaryOut: true), OneBinaryAnswer("FP32", "[0]", [])),
        new("4.6 unknown datatype", OneBinary("XYZ", "[1]", _one), Expect.ErrorWith(400, "datatype")),
        new("4.7 shape overflows", OneBinary("FP32", "[4611686018427387904,4]", []), Expect.ErrorWith(400, "'a'")),
        new("4.7 negative", OneBinary("FP32", "[-1,-1]", _one), Expect.ErrorWith(400, "'a'")),
    ];

    public static TheoryData<string> Names => HttpCase.Names(_cases);

    /// <summary>Each datatype of fixed width: extremes as bytes, and the JSON they must become.</summary>
    public static TheoryData<string, string, string> Datatypes => new()
    {
        { "BOOL", "0001", "[false,true]" },
        { "UINT8", "00FF", "[0,255]" },
        { "UINT16", "0000FFFF", "[0,65535]" },
        { "UINT32", "00000000FFFFFFFF", "[0,4294967295]" },
        { "UINT64", "0000000000000000FFFFFFFFFFFFFFFF", "[0,18446744073709551615]" },
        { "INT8", "807F", "[-128,127]" },
        { "INT16", "0080FF7F", "[-32768,32767]" },
        { "INT32", "00000080FFFFFF7F", "[-2147483648,2147483647]" },
        { "INT64", "0000000000000080FFFFFFFFFFFFFF7F", "[-9223372036854775808,9223372036854775807]" },
        { "FP32", "0000803FCDCCCC3D", "[1.0,0.10000000149011612]" },
        { "FP64", "9A9999999999B93F000000000000F0BF", "[0.1,-1.0]" },
        { "BYTES", "01000000610200000062C3", "" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public Task V2Binary_Request_IsAnsweredAsTheContractSays(string name) => shared.RunAsync(_cases, name);

    [Theory(DisplayName = "4.6 datatype")]
    [MemberData(nameof(Datatypes))]
    public async Task V2Binary_EachDatatype_SurvivesBothWays(string datatype, string hex, string json)
    {
        await shared.CheckAsync(OneBinary(datatype, "[2]", Hex(hex), binaryOut: true), OneBinaryAnswer(datatype, "[2]", Hex(hex)));
        if (json.Length > 0)
        {
            await shared.CheckAsync(OneBinary(datatype, "[2]", Hex(hex)), OneAnswer(datatype, "[2]", json));
            HttpRequestText fromJson = Json(
                $$$"""{"id":"1","inputs":[{"name":"a","shape":[2],"datatype":"{{{datatype}}}","data":{{{json}}}}],"outputs":[{"name":"a","parameters":{"binary_data":true}}]}""");
            await shared.CheckAsync(fromJson, OneBinaryAnswer(datatype, "[2]", Hex(hex)));
        }
    }

    private static HttpRequestText WithoutType(HttpRequestText request) =>
        request with { Headers = [.. request.Headers.Where(h => h.Key != "Content-Type")] };

    private static HttpRequestText Wrong(string length) => WithLength(Echo, length, Encoding.UTF8.GetBytes(
        """{"inputs":[{"name":"a","shape":[1],"datatype":"INT32","data":[3]}]}"""));

    /// <summary>A binary answer with the one output <c>a</c>; request parameters may or may not come back in it.</summary>
    private static Expect OneBinaryFirst(string datatype, byte[] bytes) => Expect.Status(200).Header("Content-Type", "application/octet-stream")
        .That(a => a.Body[^bytes.Length..].Should().Equal(bytes))
        .That(a => Head(a).GetProperty("outputs")[0].GetProperty("datatype").GetString().Should().Be(datatype));

    private static System.Text.Json.JsonElement Head(HttpAnswer answer)
    {
        int length = int.Parse(answer.Header("Inference-Header-Content-Length")!, System.Globalization.CultureInfo.InvariantCulture);
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(answer.Body.AsMemory(0, length));
        return document.RootElement.Clone();
    }
}
