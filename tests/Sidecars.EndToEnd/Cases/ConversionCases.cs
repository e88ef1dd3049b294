using System.Text;
using System.Text.Json;
using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;
using static Sidecars.EndToEnd.Cases.V2Requests;
using static Sidecars.EndToEnd.Wire.HttpRequestText;

namespace Sidecars.EndToEnd.Cases;

/// <summary>
/// Contract section D, third part: each way in against each predictor protocol, through the model that only proxies,
/// with the bytes at the predictor written and read by hand.
/// </summary>
public sealed class ConversionCases
{
    private const string V1 = "/v1/models/proxy:predict";

    private const string V2 = "/v2/models/proxy/infer";

    private const string V2Body = """{"id":"42","inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[1,2,3.5,4]}]}""";

    private static readonly byte[] _floats = Hex("0000803F 00000040 00006040 00008040");

    private static readonly float[] _values = [1f, 2f, 3.5f, 4f];

    [Fact(DisplayName = "6.3 V2 and gRPC callers, V1 predictor")]
    public async Task V1Predictor_TensorCallers_AreConverted()
    {
        await using StubPredictor stub = StubPredictor.Start();
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--predictor_protocol", "v1");
        void CheckSent() => JsonText.Same(stub.Inferences.Single().Text, """{"instances":[[1,2],[3.5,4]]}""")
            .Should().BeTrue("but the stub got {0}", stub.Inferences.Single());

        stub.Infer(StubAnswers.Json(200, """{"predictions":[[5,6],[7,8]]}"""));
        HttpAnswer json = await bench.CheckAsync(PostJson(V2, V2Body), Expect.Status(200));
        CheckSent();
        CheckOutput(json, "42", "output-0", "INT64", "[2,2]", "[5,6,7,8]");

        stub.Reset();
        stub.Infer(StubAnswers.Json(200, """{"predictions":[0.5,1]}"""));
        HttpAnswer binary = await bench.CheckAsync(BinaryTo(V2, """
            {"id":"42","inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","parameters":{"binary_data_size":16}}]}
            """, _floats), Expect.Status(200));
        CheckSent();
        CheckOutput(binary, "42", "output-0", "FP64", "[2]", "[0.5,1.0]");

        stub.Reset();
        stub.Infer(StubAnswers.Json(200, """{"predictions":[5,6]}"""));
        InferMessage typed = await InferAsync(bench, InferMessage.Request("proxy", "42", [InferTensor.Fp32("x", [2, 2], _values)]));
        CheckSent();
        typed.Id.Should().Be("42");
        typed.Tensors.Should().ContainSingle().Which.Should().Match<InferTensor>(t => t.Name == "output-0" && t.Datatype == "INT64");
        Int64s(typed).Should().Equal(5, 6);

        stub.Reset();
        stub.Infer(StubAnswers.Json(200, """{"predictions":["a","é"]}"""));
        InferMessage raw = await InferAsync(bench, InferMessage.Request("proxy", "42", [new InferTensor("x", "FP32", [2, 2])], _floats));
        CheckSent();
        raw.Tensors.Single().Datatype.Should().Be("BYTES");
    }

    [Fact(DisplayName = "6.3 several tensors become rows of named fields")]
    public async Task V1Predictor_SeveralTensors_BecomeRows()
    {
        await using StubPredictor stub = StubPredictor.Start();
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--predictor_protocol", "v1");
        await bench.CheckAsync(PostJson(V2, """
            {"id":"1","inputs":[{"name":"age","shape":[2],"datatype":"INT64","data":[30,40]},
             {"name":"xy","shape":[2,2],"datatype":"FP64","data":[0.5,1,1.5,2]},{"name":"who","shape":[2],"datatype":"BYTES","data":["a","é"]}]}
            """), Expect.Status(200));
        JsonText.Same(stub.Inferences.Single().Text, """
            {"instances":[{"age":30,"xy":[0.5,1],"who":"a"},{"age":40,"xy":[1.5,2],"who":"é"}]}
            """).Should().BeTrue("but the stub got {0}", stub.Inferences.Single());

        // No common number of rows: this cannot be said in V1.
        stub.Reset();
        await bench.CheckAsync(PostJson(V2, """
            {"id":"1","inputs":[{"name":"a","shape":[2],"datatype":"INT64","data":[1,2]},{"name":"b","shape":[3],"datatype":"INT64","data":[1,2,3]}]}
            """), Expect.ErrorWith(400));
        stub.Inferences.Should().BeEmpty();
    }

    [Fact(DisplayName = "6.3 V1 callers, V2 predictor")]
    public async Task V2Predictor_V1Caller_IsConverted()
    {
        await using StubPredictor stub = StubPredictor.Start();
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--predictor_protocol", "v2");
        await bench.CheckAsync(PostJson(V1, """{"instances":[[1,2],[3.5,4]]}"""), Expect.OkJson("""{"predictions":[5]}"""));
        StubRequest sent = stub.Inferences.Single();
        sent.Target.Should().Be("/v2/models/proxy/infer");
        CheckInput(sent, "input-0", "FP32", "[2,2]", _values);
        sent.Json().GetProperty("id").GetString().Should().NotBeNullOrEmpty();

        await CheckAnswersBecomePredictionsAsync(bench, stub);
        await CheckMetadataNamesTheTensorAsync();
        await bench.CheckAsync(PostJson(V1, """{"instances":5}"""), Expect.Error(400, "Expected \"instances\" to be a list"));
        await bench.CheckAsync(PostJson(V1, """{"instances":[[1,2],[3]]}"""), Expect.Status(200, 400));
    }

    [Fact(DisplayName = "150 152 164 V2 callers, V2 predictor")]
    public async Task V2Predictor_V2Callers_PassThrough()
    {
        await using StubPredictor stub = StubPredictor.Start();
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--predictor_protocol", "v2");
        HttpAnswer answer = await bench.CheckAsync(PostJson(V2, V2Body), Expect.Status(200).Header("Content-Type", "application/json"));
        CheckOutput(answer, "7", "o", "INT64", "[1]", "[5]");
        StubRequest sent = stub.Inferences.Single();
        CheckInput(sent, "x", "FP32", "[2,2]", _values);
        sent.Json().GetProperty("id").GetString().Should().Be("42");
        sent.All("Content-Type").Should().Equal("application/json");

        stub.Reset();
        await bench.CheckAsync(PostJson(V2, """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}"""), Expect.Status(200));
        Guid.TryParse(stub.Inferences.Single().Json().GetProperty("id").GetString(), out _).Should().BeTrue(
            "152: an id is made up, but the stub got {0}", stub.Inferences.Single());

        stub.Reset();
        await bench.CheckAsync(BinaryTo(V2, """
            {"id":"42","inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","parameters":{"binary_data_size":16}}]}
            """, _floats), Expect.Status(200));
        sent = stub.Inferences.Single();
        sent.All("Content-Type").Should().Equal(["application/octet-stream"], "164: exactly one");
        int length = int.Parse(sent.Header("Inference-Header-Content-Length")!, System.Globalization.CultureInfo.InvariantCulture);
        sent.Body[length..].Should().Equal(_floats);

        stub.Reset();
        string head = """{"model_name":"proxy","id":"7","outputs":[{"name":"o","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":4}}]}""";
        stub.Infer(StubAnswers.Whole(200, [.. Encoding.UTF8.GetBytes(head), .. Hex("0000803F")],
            "Content-Type: application/octet-stream", $"Inference-Header-Content-Length: {head.Length}"));
        HttpAnswer binary = await bench.CheckAsync(PostJson(V2, """
            {"id":"42","parameters":{"binary_data_output":true},"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}
            """), Expect.Status(200));
        binary.Header("Inference-Header-Content-Length").Should().NotBeNull();
        binary.Body[^4..].Should().Equal(Hex("0000803F"));
    }

    [Fact(DisplayName = "6.3 gRPC callers, V2 predictor")]
    public async Task V2Predictor_GrpcCaller_IsConverted()
    {
        await using StubPredictor stub = StubPredictor.Start();
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--predictor_protocol", "v2");
        InferMessage typed = await InferAsync(bench, InferMessage.Request("proxy", "42", [InferTensor.Fp32("x", [2, 2], _values)]));
        Int64s(typed).Should().Equal(5);
        CheckTensorSent(stub.Inferences.Single());

        stub.Reset();
        InferMessage raw = await InferAsync(bench, InferMessage.Request("proxy", "42", [new InferTensor("x", "FP32", [2, 2])], _floats));
        Int64s(raw).Should().Equal(5);
        CheckTensorSent(stub.Inferences.Single());

        stub.Reset();
        await InferAsync(bench, InferMessage.Request("proxy", "42", [InferTensor.Text("t", [2], "a", "é")]));
        stub.Inferences.Should().ContainSingle();

        stub.Reset();
        stub.Infer(StubAnswers.Json(400, """{"error":"pred says no"}"""));
        GrpcAnswer refused = await bench.Grpc.CallAsync("ModelInfer", InferMessage.Request("proxy", "1", [InferTensor.Fp32("x", [1], 1f)]));
        refused.Status.Should().Be(3, "of {0}", refused);
        refused.Message.Should().Contain("pred says no");
    }

    [Fact(DisplayName = "6.3 every caller, gRPC predictor")]
    public async Task GrpcPredictor_EveryCaller_IsConverted()
    {
        await using StubGrpcPredictor stub = await StubGrpcPredictor.StartAsync();
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--predictor_protocol", "grpc-v2");
        InferMessage Sent() => InferMessage.ParseRequest(stub.Inferences.Single().Message);
        void CheckSent(string name, string? id)
        {
            InferMessage sent = Sent();
            sent.ModelName.Should().Be("proxy");
            sent.Id.Should().Match(i => id == null || i == id);
            InferTensor tensor = sent.Tensors.Should().ContainSingle().Subject;
            tensor.Name.Should().Be(name);
            tensor.Datatype.Should().Be("FP32");
            tensor.Shape.Should().Equal(2, 2);
            (sent.Raw.Count > 0 ? sent.Raw.Single() : tensor.Typed.Fixed(6)).Should().Equal(_floats);
        }

        await bench.CheckAsync(PostJson(V1, """{"instances":[[1,2],[3.5,4]]}"""), Expect.OkJson("""{"predictions":[5]}"""));
        CheckSent("input-0", null);

        stub.Reset();
        CheckOutput(await bench.CheckAsync(PostJson(V2, V2Body), Expect.Status(200)), "7", "o", "INT64", "[1]", "[5]");
        CheckSent("x", "42");

        stub.Reset();
        await bench.CheckAsync(BinaryTo(V2, """
            {"id":"42","inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","parameters":{"binary_data_size":16}}]}
            """, _floats), Expect.Status(200));
        CheckSent("x", "42");

        stub.Reset();
        Int64s(await InferAsync(bench, InferMessage.Request("proxy", "42", [InferTensor.Fp32("x", [2, 2], _values)]))).Should().Equal(5);
        CheckSent("x", "42");
        Sent().Raw.Should().BeEmpty("what nobody looked at goes on as it came");

        stub.Reset();
        await InferAsync(bench, InferMessage.Request("proxy", "42", [new InferTensor("x", "FP32", [2, 2])], _floats));
        CheckSent("x", "42");

        stub.Reset();
        stub.Infer(new StubReply(InferMessage.Response("proxy", "7", [new InferTensor("p", "FP32", [2, 2])], _floats)));
        await bench.CheckAsync(PostJson(V1, """{"instances":[1]}"""), Expect.OkJson("""{"predictions":[[1,2],[3.5,4]]}"""));

        stub.Infer(new StubReply(InferMessage.Response("proxy", "7", [new InferTensor("h", "FP16", [1])], Hex("003C"))));
        HttpAnswer half = await bench.SendAsync(PostJson(V2, V2Body));
        half.Status.Should().NotBe(500, "FP16 in JSON is nobody's accident: {0}", half);
    }

    [Theory(DisplayName = "5.5 the code of a failing gRPC predictor is mapped through")]
    [InlineData(3, 400, 3)]
    [InlineData(5, 404, 5)]
    [InlineData(8, 429, 8)]
    [InlineData(12, 501, 12)]
    [InlineData(14, 503, 14)]
    [InlineData(4, 504, 4)]
    [InlineData(13, 500, 13)]
    public async Task GrpcPredictor_Error_ReachesTheCaller(int code, int http, int grpc)
    {
        await using StubGrpcPredictor stub = await StubGrpcPredictor.StartAsync();
        stub.Infer(new StubReply(null, code, "pred says no"));
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--predictor_protocol", "grpc-v2");
        await bench.CheckAsync(PostJson(V1, """{"instances":[1]}"""), Expect.ErrorWith(http, "pred says no"));
        await bench.CheckAsync(PostJson(V2, V2Body), Expect.ErrorWith(http, "pred says no"));
        GrpcAnswer answer = await bench.Grpc.CallAsync("ModelInfer", InferMessage.Request("proxy", "1", [InferTensor.Fp32("x", [1], 1f)]));
        answer.Status.Should().Be(grpc, "of {0}", answer);
        answer.Message.Should().Contain("pred says no");
        stub.Inferences.Should().HaveCount(3, "nothing is retried by default");
    }

    [Fact(DisplayName = "6.3 metadata towards a gRPC predictor, and its deadline")]
    public async Task GrpcPredictor_MetadataAndDeadline_GoAlong()
    {
        await using StubGrpcPredictor stub = await StubGrpcPredictor.StartAsync();
        await using Bench bench = await Bench.StartAsync(
            "--predictor_host", stub.Host, "--predictor_protocol", "grpc-v2", "--predictor_request_timeout_seconds", "1");
        await bench.CheckAsync(PostJson(V1, """{"instances":[1]}""").With("X-Request-Id", "rid").With("Authorization", "Bearer t")
            .With("X-Custom", "x"), Expect.Status(200));
        IReadOnlyDictionary<string, string> headers = stub.Inferences.Single().Headers;
        headers.Should().Contain("x-request-id", "rid").And.Contain("authorization", "Bearer t").And.NotContainKey("x-custom");

        stub.Infer(new StubReply(null, Hang: true));
        await bench.CheckAsync(PostJson(V1, """{"instances":[1]}"""), Expect.ErrorWith(504));
    }

    private static async Task CheckAnswersBecomePredictionsAsync(Bench bench, StubPredictor stub)
    {
        (string Outputs, string Predictions)[] answers =
        [
            ("""[{"name":"o","shape":[2,2],"datatype":"FP32","data":[1,2,3.5,4]}]""", "[[1,2],[3.5,4]]"),
            ("""[{"name":"o","shape":[2],"datatype":"BYTES","data":["a","é"]}]""", """["a","é"]"""),
            ("""[{"name":"o","shape":[2],"datatype":"BOOL","data":[true,false]}]""", "[true,false]"),
            ("""[{"name":"p","shape":[2],"datatype":"FP64","data":[0.5,1]},{"name":"c","shape":[2,1],"datatype":"INT64","data":[3,4]}]""",
             """[{"p":0.5,"c":[3]},{"p":1,"c":[4]}]"""),
        ];
        foreach ((string outputs, string predictions) in answers)
        {
            stub.Infer(StubAnswers.Json(200, $$"""{"model_name":"proxy","id":"7","outputs":{{outputs}}}"""));
            await bench.CheckAsync(PostJson(V1, """{"instances":[1,2]}"""), Expect.OkJson($$"""{"predictions":{{predictions}}}"""));
        }

        stub.Reset();
        await bench.CheckAsync(PostJson(V1, """{"instances":["a","é"]}"""), Expect.Status(200));
        JsonElement text = stub.Inferences.Single().Json().GetProperty("inputs")[0];
        text.GetProperty("datatype").GetString().Should().Be("BYTES");
        text.GetProperty("shape").GetRawText().Should().Be("[2]");

        stub.Reset();
        await bench.CheckAsync(PostJson(V1, """{"instances":[{"a":1,"b":[1,2]},{"a":3.5,"b":[3,4]}]}"""), Expect.Status(200));
        JsonElement fields = stub.Inferences.Single().Json().GetProperty("inputs");
        fields.EnumerateArray().Select(i => i.GetProperty("name").GetString()).Should().Equal("a", "b");
        fields.EnumerateArray().Select(i => i.GetProperty("shape")[0].GetInt32()).Should().Equal(2, 2);

        stub.Reset();
        await bench.CheckAsync(PostJson(V1, """{"instances":[{"a":{"deep":[1,"x"]}},{"a":null}]}"""), Expect.Status(200));
        JsonElement objects = stub.Inferences.Single().Json().GetProperty("inputs").EnumerateArray().Single();
        objects.GetProperty("datatype").GetString().Should().Be("BYTES");
        stub.Reset();
    }

    private static async Task CheckMetadataNamesTheTensorAsync()
    {
        await using StubPredictor stub = StubPredictor.Start();
        stub.Script(r => r.Target == "/v2/models/proxy" ? StubAnswers.Json(200, """
            {"name":"proxy","versions":["1"],"platform":"p","inputs":[{"name":"features","datatype":"FP64","shape":[-1,2]}],
             "outputs":[{"name":"o","datatype":"INT64","shape":[-1]}]}
            """) : null);
        await using Bench bench = await Bench.StartAsync("--predictor_host", stub.Host, "--predictor_protocol", "v2");
        await bench.CheckAsync(PostJson(V1, """{"instances":[[1,2],[3.5,4]]}"""), Expect.OkJson("""{"predictions":[5]}"""));
        CheckInput(stub.Inferences.Single(), "features", "FP64", "[2,2]", _values);
    }

    private static async Task<InferMessage> InferAsync(Bench bench, byte[] request)
    {
        GrpcAnswer answer = await bench.Grpc.CallAsync("ModelInfer", request);
        answer.Status.Should().Be(0, "of {0}", answer);
        return InferMessage.ParseResponse(answer.Messages.Single());
    }

    private static long[] Int64s(InferMessage message) => message.Raw.Count > 0
        ? [.. message.Raw[0].Chunk(8).Select(b => BitConverter.ToInt64(b))]
        : [.. message.Tensors[0].Typed.Numbers(3).Select(n => unchecked((long)n))];

    private static void CheckOutput(HttpAnswer answer, string id, string name, string datatype, string shape, string data)
    {
        answer.Json().GetProperty("id").GetString().Should().Be(id, "of {0}", answer);
        answer.Json().GetProperty("model_name").GetString().Should().Be("proxy");
        JsonElement output = answer.Json().GetProperty("outputs").EnumerateArray().Should().ContainSingle().Subject;
        output.GetProperty("name").GetString().Should().Be(name);
        output.GetProperty("datatype").GetString().Should().Be(datatype);
        JsonText.Same(output.GetProperty("shape").GetRawText(), shape).Should().BeTrue("of {0}", answer);
        JsonText.Same(output.GetProperty("data").GetRawText(), data).Should().BeTrue("of {0}", answer);
    }

    /// <summary>One JSON tensor at the predictor; its data may stand flat or nested.</summary>
    private static void CheckInput(StubRequest sent, string name, string datatype, string shape, float[] values)
    {
        JsonElement input = sent.Json().GetProperty("inputs").EnumerateArray().Should().ContainSingle("of {0}", sent).Subject;
        input.GetProperty("name").GetString().Should().Be(name);
        input.GetProperty("datatype").GetString().Should().Be(datatype);
        JsonText.Same(input.GetProperty("shape").GetRawText(), shape).Should().BeTrue("of {0}", sent);
        Flat(input.GetProperty("data")).Should().Equal(values);
    }

    /// <summary>The tensor x of a gRPC call at a V2 predictor: as JSON or as binary, either is right.</summary>
    private static void CheckTensorSent(StubRequest sent)
    {
        if (sent.Header("Inference-Header-Content-Length") is { } length)
        {
            sent.All("Content-Type").Should().Equal("application/octet-stream");
            int head = int.Parse(length, System.Globalization.CultureInfo.InvariantCulture);
            using JsonDocument document = JsonDocument.Parse(sent.Body.AsMemory(0, head));
            document.RootElement.GetProperty("inputs")[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32().Should().Be(16);
            sent.Body[head..].Should().Equal(_floats);
        }
        else
        {
            CheckInput(sent, "x", "FP32", "[2,2]", _values);
        }
    }

    private static IEnumerable<float> Flat(JsonElement data) => data.ValueKind == JsonValueKind.Array
        ? data.EnumerateArray().SelectMany(Flat)
        : [data.GetSingle()];
}
