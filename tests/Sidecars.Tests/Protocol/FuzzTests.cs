using System.Text;
using System.Text.Json;
using CsCheck;
using Sidecars.Protocol;

namespace Sidecars.Tests.Protocol;

/// <summary>
/// Damaged payloads into every decoder: each is read or refused as the sender's fault, in memory that follows its size.
/// </summary>
public sealed class FuzzTests
{
    private const int Iterations = 20_000;

    private static readonly byte[][] s_tokens =
    [
        .. ((string[])["[", "]", "{", "}", "\"", ",", ":", "\\", "\\ud800", "\\udc00", "\\u00", "null", "true", "NaN", "Infinity", "-", "-1", "0",
            "1e999", "99999999999999999999", "9223372036854775807", "2147483647", "1.5", "[[[[", "{\"\":", "\"b64\":", "\"binary_data_size\":",
            "\"parameters\":", "\"data\":", "\"shape\":", "\"instances\":", "\"inputs\":", "\"FP16\"", "\"BYTES\"", "\"\\ud83d\\ude42\"", " \n\t"])
            .Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0x80], [0x00], [0xC3, 0x28], [0xEF, 0xBB, 0xBF],
    ];

    private static readonly Gen<byte[]> s_json = Damaged(
        """{"instances":[[1.5,2],[3,-4e2]],"signature":"x"}""",
        """{"instances":[{"a":1.5,"b":"é","c":[1,2]},{"a":2,"b":"\u00e9","c":[3,4]}]}""",
        """{"instances":[{"b64":"AAEC"},{"b64":""}]}""",
        """{"inputs":{"a":[[1],[2]],"b":["x","y"]}}""",
        """{"instances":["a","b"],"predictions":[true,false],"outputs":[1,2.5]}""",
        """{"id":"i","inputs":[{"name":"x","datatype":"FP32","shape":[2,2],"data":[[1,2.5],[-3e1,4]]},{"name":"s","shape":[2],"datatype":"BYTES","data":["a","\n"],"parameters":{"content_type":"str"}}],"outputs":[{"name":"y","parameters":{"binary_data":true}}],"parameters":{"p":1,"q":"v","r":false}}""",
        """{"model_name":"m","id":"i","outputs":[{"data":[1,0,true],"name":"y","datatype":"BOOL","shape":[3]},{"name":"z","datatype":"UINT8","shape":[2],"data":[0,255]}]}""");

    private static readonly Gen<byte[]> s_messages = DamagedBytes(Messages());

    [Theory]
    [InlineData("V1")]
    [InlineData("V2")]
    public void Json_Damaged_IsReadOrRefused(string form) =>
        s_json.Sample(bytes => TryAll(Enum.Parse<WireForm>(form), bytes, -1), iter: Iterations, print: Print);

    [Fact]
    public void V2Binary_Damaged_IsReadOrRefused() =>
        (from bytes in DamagedBytes([BinaryMessage().Bytes])
         from length in Gen.OneOf(Gen.Const(BinaryMessage().JsonLength), Gen.Int[0, bytes.Length])
         select (bytes, length: Math.Min(length, bytes.Length))).Sample(
            static s => TryAll(WireForm.V2Binary, s.bytes, s.length), iter: Iterations, print: static s => $"{s.length}: {Print(s.bytes)}");

    [Fact]
    public void Grpc_Damaged_IsReadOrRefused() =>
        s_messages.Sample(static bytes => TryAll(WireForm.Grpc, bytes, -1), iter: Iterations, print: Print);

    [Fact]
    public void Outline_Damaged_NeverRefusesWhatAParserTakes() =>
        s_json.Sample(
            static bytes =>
            {
                string? error = JsonOutline.Check(bytes, 64, "id"u8, out int foundAt);
                bool parses = TryParse(bytes, out bool isContainer, out bool hasId);
                return !parses || !isContainer || (error is null && (!hasId || foundAt >= 0));
            },
            iter: Iterations,
            print: Print);

    [Fact]
    public void Cursor_Damaged_AgreesWithAParser() =>
        s_json.Sample(
            static bytes =>
            {
                bool read = Refuses(() =>
                {
                    JsonParsing.RequireUtf8(bytes);
                    var cursor = new JsonCursor(bytes, 64);
                    cursor.SkipValue();
                    cursor.TakeEnd();
                });
                return read || !TryParse(bytes, out _, out _);
            },
            iter: Iterations,
            print: Print);

    [Theory]
    [InlineData("[-1]")]
    [InlineData("[9223372036854775807,2]")]
    [InlineData("[4294967296,4294967296]")]
    [InlineData("[2147483648]")]
    [InlineData("[0,-1]")]
    [InlineData("[1e300]")]
    [InlineData("[null]")]
    [InlineData("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]")]
    public void V2Shape_Impossible_IsRefused(string shape)
    {
        byte[] body = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","datatype":"FP32","shape":{{shape}},"data":[1]}]}""");

        Action reading = () => _ = new InferRequest(WireForm.V2, body, "application/json").Inputs;

        reading.Should().Throw<InferenceException>().Which.Kind.Should().Be(ErrorKind.InvalidInput);
    }

    [Fact]
    public void V1Fields_TooMany_AreRefusedWithoutWorkInSquares()
    {
        var body = new StringBuilder("{\"instances\":[{");
        for (int i = 0; i < 300_000; i++)
        {
            body.Append(i == 0 ? "" : ",").Append("\"f").Append(i).Append("\":1");
        }

        byte[] bytes = Encoding.UTF8.GetBytes(body.Append("}]}").ToString());

        Action reading = () => _ = new InferRequest(WireForm.V1, bytes, "application/json").Inputs;

        reading.Should().Throw<InferenceException>().WithMessage("*fields*").Which.Kind.Should().Be(ErrorKind.InvalidInput);
    }

    [Fact]
    public void V1Fields_OneTwice_LastCounts()
    {
        var request = new InferRequest(WireForm.V1, """{"instances":[{"a":1},{"a":2,"a":3}]}"""u8.ToArray(), "application/json");

        request.Input("a").ToArray<float>().Should().Equal(1, 3);
    }

    private static bool TryAll(WireForm form, byte[] bytes, int jsonLength)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var request = new InferRequest(form, bytes, "application/json", jsonLength);
        _ = Refuses(() => Touch(request.Inputs)) | Refuses(() => _ = request.Id) | Refuses(() => _ = request.Json.GetRawText());
        foreach (PredictorProtocol protocol in Enum.GetValues<PredictorProtocol>())
        {
            Refuses(() => RequestEncoder.Encode(request, protocol, "m", null).Dispose());
        }

        using var response = new InferResponse(form, bytes.ToArray(), "application/json", jsonLength) { FromPredictor = true };
        Refuses(() => Touch(response.Outputs), ErrorKind.PredictorBody);
        foreach (InferenceProtocol protocol in Enum.GetValues<InferenceProtocol>())
        {
            Refuses(() => ResponseEncoder.Encode(response, protocol, InferRequest.FromTensors(), "m").Dispose(), ErrorKind.PredictorBody);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before < (4 << 20) + (bytes.Length * 1000);
    }

    private static void Touch(IReadOnlyList<Tensor> tensors)
    {
        foreach (Tensor tensor in tensors)
        {
            _ = tensor.Datatype == Datatype.BYTES ? tensor.ReadBytes().Length : tensor.ToArray<double>().Length;
        }
    }

    /// <summary>True when it went well; false when it was refused as it should be; whatever else is thrown goes on.</summary>
    private static bool Refuses(Action action, ErrorKind kind = ErrorKind.InvalidInput)
    {
        try
        {
            action();
            return true;
        }
        catch (InferenceException e) when (e.Kind == kind || e.Kind == ErrorKind.InvalidInput)
        {
            return false;
        }
    }

    private static bool TryParse(byte[] bytes, out bool isContainer, out bool hasId)
    {
        isContainer = hasId = false;
        try
        {
            JsonParsing.RequireUtf8(bytes);
            using var document = JsonDocument.Parse(bytes);
            isContainer = document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
            hasId = document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.EnumerateObject().Any(static p => JsonMarshalName(p) == "id");
            return true;
        }
        catch (Exception e) when (e is JsonException or InferenceException)
        {
            return false;
        }
    }

    /// <summary>The name as it is written: the outline does not look behind escapes.</summary>
    private static string JsonMarshalName(JsonProperty property) =>
        Encoding.UTF8.GetString(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8PropertyName(property));

    private static Gen<byte[]> Damaged(params string[] seeds) => DamagedBytes([.. seeds.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>One of the seeds after a few cuts, insertions, repetitions and flips.</summary>
    private static Gen<byte[]> DamagedBytes(byte[][] seeds) =>
        from seed in Samples.Of(seeds)
        from damages in Gen.Select(Gen.Int[0, 5], Gen.Int[0, 1 << 20], Gen.Int[0, 1 << 20], Samples.Of(s_tokens)).Array[0, 6]
        select damages.Aggregate(seed, static (bytes, d) => Damage(bytes, d.Item1, d.Item2, d.Item3, d.Item4));

    private static byte[] Damage(byte[] bytes, int kind, int first, int second, byte[] token)
    {
        int at = bytes.Length == 0 ? 0 : first % bytes.Length;
        int length = Math.Min(second % 16, bytes.Length - at);
        switch (kind)
        {
            case 0: return [.. bytes[..at], .. token, .. bytes[at..]];
            case 1: return [.. bytes[..at], .. bytes[(at + length)..]];
            case 2: return [.. bytes[..(at + length)], .. bytes[at..]];
            case 3: return bytes[..at];
            case 4: return [.. bytes[..at], .. token, .. bytes[(at + length)..]];
            default:
                byte[] copy = [.. bytes];
                if (copy.Length > 0)
                {
                    copy[at] ^= (byte)(1 << (second % 8));
                }

                return copy;
        }
    }

    private static byte[][] Messages()
    {
        Tensor[] tensors =
        [
            Tensor.Create("x", [1.5f, 2f], 2), Tensor.FromStrings("s", ["a", "bc"]), Tensor.Create("i", [-1L, long.MaxValue]), Tensor.Create("b", [true, false]),
        ];
        var head = new InferHead(Parameters: new Dictionary<string, object> { ["p"] = 1L, ["q"] = "v", ["r"] = 0.5 }, RequestedOutputs: [new("y")]);
        using WirePayload request = GrpcCodec.WriteRequest(head, tensors, "m", "id1");
        using WirePayload typed = GrpcCodec.WriteResponse(head, tensors, "m", "id1", raw: false);
        using WirePayload raw = GrpcCodec.WriteResponse(head, tensors, "m", "id1", raw: true);
        return [Samples.Flatten(request), Samples.Flatten(typed), Samples.Flatten(raw)];
    }

    private static (byte[] Bytes, int JsonLength) BinaryMessage()
    {
        using WirePayload payload = V2Json.WriteRequest(
            InferHead.Empty, [Tensor.Create("x", [1.5f, 2f], 2), Tensor.FromBytes("s", [new byte[] { 0xFF }, new byte[] { 1, 2 }])], "id1", binary: true);
        return (Samples.Flatten(payload), payload.JsonLength);
    }

    private static string Print(byte[] bytes) => Uri.EscapeDataString(Encoding.Latin1.GetString(bytes));
}
