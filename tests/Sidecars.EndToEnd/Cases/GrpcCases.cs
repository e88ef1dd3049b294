using System.Text;
using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;

namespace Sidecars.EndToEnd.Cases;

/// <summary>Contract section E, first part: every call, its answers and its errors.</summary>
[Collection(SharedServerTests.Name)]
public sealed class GrpcCases(SharedServer shared)
{
    private const int Ok = 0;
    private const int InvalidArgument = 3;
    private const int NotFound = 5;
    private const int Unimplemented = 12;
    private const int Internal = 13;
    private const int Unavailable = 14;

    private GrpcCaller Grpc => shared.Bench.Grpc;

    /// <summary>Contract 5.5: the model, its code, its message; null where the text is our own.</summary>
    public static TheoryData<string, int, string?> Errors => new()
    {
        { "invalid-input", InvalidArgument, "bad thing" },
        { "inference-error", InvalidArgument, "boom" },
        { "unsupported-protocol", InvalidArgument, "Unsupported protocol v9." },
        { "model-not-found", NotFound, "Model with name zz does not exist." },
        { "model-not-ready", Unavailable, "Model with name zz is not ready. det" },
        { "server-not-ready", Unavailable, "Server is not ready." },
        { "not-implemented", Unimplemented, "nope" },
        { "other-error", Internal, null },
        { "zzz", NotFound, "Model with name zzz does not exist." },
        { "é z", NotFound, "Model with name é z does not exist." },
        { "nr", Unavailable, "Model with name nr is not ready." },
    };

    /// <summary>Each datatype with typed contents: field of InferTensorContents, bytes of that field, shape.</summary>
    public static TheoryData<string, int, string> Typed => new()
    {
        { "BOOL", 1, "0100" },
        { "INT8", 2, "80FFFFFFFFFFFFFFFF017F" },
        { "INT16", 2, "8080FEFFFFFFFFFFFF01FFFF01" },
        { "INT32", 2, "80808080F8FFFFFFFF01FFFFFFFF07" },
        { "INT64", 3, "80808080808080808001FFFFFFFFFFFFFFFF7F" },
        { "UINT8", 4, "00FF01" },
        { "UINT16", 4, "00FFFF03" },
        { "UINT32", 4, "00FFFFFFFF0F" },
        { "UINT64", 5, "00FFFFFFFFFFFFFFFFFF01" },
        { "FP32", 6, "0000C03FCDCCCC3D" },
        { "FP64", 7, "9A9999999999B93F000000000000F0BF" },
    };

    /// <summary>Each datatype as raw bytes of two elements.</summary>
    public static TheoryData<string, string> Raw => new()
    {
        { "BOOL", "0001" },
        { "INT8", "807F" },
        { "INT16", "0080FF7F" },
        { "INT32", "00000080FFFFFF7F" },
        { "INT64", "0000000000000080FFFFFFFFFFFFFF7F" },
        { "UINT8", "00FF" },
        { "UINT16", "0000FFFF" },
        { "UINT32", "00000000FFFFFFFF" },
        { "UINT64", "0000000000000000FFFFFFFFFFFFFFFF" },
        { "FP16", "003C00C0" },
        { "BF16", "803F0040" },
        { "FP32", "0000C03F0000C07F" },
        { "FP64", "9A9999999999B93F000000000000F0BF" },
        { "BYTES", "02000000FFFE00000000" },
    };

    /// <summary>Tensors that no server can take: why, datatype, shape as text, field and bytes of the contents, raw bytes.</summary>
    public static TheoryData<string, string, long[], int, string?, string?> Wrong => new()
    {
        { "too few typed", "FP32", [3], 6, "0000803F", null },
        { "too many typed", "FP32", [1], 6, "0000803F0000803F", null },
        { "typed in a foreign field", "FP32", [1], 3, "01", null },
        { "nothing at all", "FP32", [1], 0, null, null },
        { "negative dimension", "FP32", [-1], 6, "0000803F", null },
        { "shape overflows", "FP32", [long.MaxValue, 4], 6, "0000803F", null },
        { "shape overflows to zero", "FP32", [1L << 32, 1L << 32], 6, "", null },
        { "raw too short", "FP32", [2], 0, null, "0000803F" },
        { "raw too long", "FP32", [1], 0, null, "0000803F0000803F" },
        { "raw no multiple", "FP32", [1], 0, null, "0000803F00" },
        { "raw BYTES cut short", "BYTES", [1], 0, null, "050000006162" },
        { "raw BYTES with a huge length", "BYTES", [1], 0, null, "FFFFFFFF6162" },
        { "raw BYTES with one too many", "BYTES", [1], 0, null, "01000000610100000062" },
        { "FP16 in typed contents", "FP16", [1], 6, "0000803F", null },
    };

    [Fact(DisplayName = "167 ServerLive and ServerReady")]
    public async Task Server_LiveAndReady_TellTheTruth()
    {
        new ProtoFields((await OkAsync("ServerLive", [])).Single()).Flag(1).Should().BeTrue();
        new ProtoFields((await OkAsync("ServerReady", [])).Single()).Flag(1).Should().BeFalse("the model nr is not ready");
    }

    [Fact(DisplayName = "168 ModelReady")]
    public async Task ModelReady_EachState_IsTold()
    {
        new ProtoFields((await OkAsync("ModelReady", Name("echo"))).Single()).Flag(1).Should().BeTrue();
        new ProtoFields((await OkAsync("ModelReady", Name("nr"))).Single()).Flag(1).Should().BeFalse();
        CheckError(await Grpc.CallAsync("ModelReady", Name("zzz")), NotFound, "Model with name zzz does not exist.");
    }

    [Fact(DisplayName = "169 ServerMetadata and ModelMetadata")]
    public async Task Metadata_OfServerAndModel_IsDeclared()
    {
        ProtoFields server = new((await OkAsync("ServerMetadata", [])).Single());
        server.Text(1).Should().Be("kserve");
        server.Text(2).Should().NotBeEmpty();
        server.Texts(3).Should().Contain("model_repository_extension");

        ProtoFields model = new((await OkAsync("ModelMetadata", Name("meta"))).Single());
        model.Text(1).Should().Be("meta");
        ProtoFields input = model.Messages(4).Single();
        input.Text(1).Should().Be("in0");
        input.Text(2).Should().Be("FP32");
        input.Numbers(3).Select(n => unchecked((long)n)).Should().Equal(-1, 4);
        ProtoFields output = model.Messages(5).Single();
        output.Text(1).Should().Be("out0");
        output.Text(2).Should().Be("INT64");
        output.Numbers(3).Select(n => unchecked((long)n)).Should().Equal(-1);
        CheckError(await Grpc.CallAsync("ModelMetadata", Name("zzz")), NotFound, "Model with name zzz does not exist.");
    }

    [Fact(DisplayName = "170 ModelInfer, typed contents")]
    public async Task ModelInfer_TypedContents_AreEchoed()
    {
        InferMessage answer = await InferAsync(InferMessage.Request("echo", "42", [InferTensor.Fp32("a", [1], 1.5f)]));
        answer.ModelName.Should().Be("echo");
        answer.Version.Should().BeEmpty();
        answer.Id.Should().Be("42");
        answer.Raw.Should().BeEmpty();
        InferTensor tensor = answer.Tensors.Should().ContainSingle().Subject;
        tensor.Name.Should().Be("a");
        tensor.Datatype.Should().Be("FP32");
        tensor.Shape.Should().Equal(1);
        tensor.Floats().Should().Equal(1.5f);
    }

    [Theory(DisplayName = "171 typed contents of each datatype")]
    [MemberData(nameof(Typed))]
    public async Task ModelInfer_EachDatatypeTyped_IsEchoed(string datatype, int field, string hex)
    {
        InferTensor tensor = InferTensor.Of("a", datatype, [2], w => w.Bytes(field, Convert.FromHexString(hex)));
        InferTensor echoed = (await InferAsync(InferMessage.Request("echo", "1", [tensor]))).Tensors.Single();
        echoed.Datatype.Should().Be(datatype);
        echoed.Shape.Should().Equal(2);
        echoed.Typed.All(field).Should().ContainSingle("of contents {0}", Convert.ToHexString(echoed.Contents ?? []))
            .Which.Should().Equal(Convert.FromHexString(hex));
    }

    [Fact(DisplayName = "171 typed BYTES stay bytes")]
    public async Task ModelInfer_TypedBytes_AreEchoed()
    {
        InferTensor tensor = InferTensor.Of("a", "BYTES", [3], w => w.Bytes(8, "é"u8).Bytes(8, []).Bytes(8, [0xFF, 0xFE]));
        InferTensor echoed = (await InferAsync(InferMessage.Request("echo", "1", [tensor]))).Tensors.Single();
        echoed.Typed.All(8).Select(Convert.ToHexString).Should().Equal("C3A9", "", "FFFE");
    }

    [Fact(DisplayName = "171 unpacked numbers are read as well")]
    public async Task ModelInfer_UnpackedContents_AreRead()
    {
        InferTensor tensor = InferTensor.Of("a", "INT64", [2], w => w.Number(3, 7).Number(3, ulong.MaxValue));
        InferTensor echoed = (await InferAsync(InferMessage.Request("echo", "1", [tensor]))).Tensors.Single();
        echoed.Typed.Numbers(3).Should().Equal(7, ulong.MaxValue);
    }

    [Theory(DisplayName = "171 raw contents of each datatype")]
    [MemberData(nameof(Raw))]
    public async Task ModelInfer_EachDatatypeRaw_IsEchoedRaw(string datatype, string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        InferMessage answer = await InferAsync(InferMessage.Request("echo", "1", [new InferTensor("a", datatype, [2])], bytes));
        answer.Raw.Should().ContainSingle("an answer is raw when the request was").Which.Should().Equal(bytes);
        InferTensor tensor = answer.Tensors.Single();
        tensor.Contents.Should().BeNull();
        new ProtoFields(tensor.Parameters["binary_data_size"]).Number(2).Should().Be((ulong)bytes.Length);
    }

    [Fact(DisplayName = "171 several tensors keep their order")]
    public async Task ModelInfer_SeveralTensors_KeepTheirOrder()
    {
        InferMessage answer = await InferAsync(InferMessage.Request(
            "echo", "1", [new InferTensor("b", "INT8", [1]), new InferTensor("a", "INT16", [2, 0]), new InferTensor("c", "INT8", [2])],
            [5], [], [6, 7]));
        answer.Tensors.Select(t => t.Name).Should().Equal("b", "a", "c");
        answer.Raw.Select(Convert.ToHexString).Should().Equal("05", "", "0607");
    }

    [Fact(DisplayName = "171 no inputs")]
    public async Task ModelInfer_NoInputs_IsAnswered() =>
        (await InferAsync(InferMessage.Request("echo", "1", []))).Tensors.Should().BeEmpty();

    [Fact(DisplayName = "172 as many raw contents as inputs")]
    public async Task ModelInfer_RawCount_MustMatch()
    {
        byte[] request = InferMessage.Request("echo", "1", [new InferTensor("a", "INT8", [1]), new InferTensor("b", "INT8", [1])], [5]);
        CheckError(await Grpc.CallAsync("ModelInfer", request), InvalidArgument,
            "the number of inputs (2) does not match the expected number of raw input contents (1) for model 'echo'.");
    }

    [Fact(DisplayName = "173 raw or typed, not both")]
    public async Task ModelInfer_RawAndTyped_IsRefused()
    {
        const string Text = "contents field must not be specified when using raw_input_contents for input 'a' for model 'echo'";
        byte[] full = InferMessage.Request("echo", "1", [InferTensor.Fp32("a", [1], 1f)], [0, 0, 0x80, 0x3F]);
        CheckError(await Grpc.CallAsync("ModelInfer", full), InvalidArgument, Text);
        byte[] empty = InferMessage.Request("echo", "1", [new InferTensor("a", "FP32", [1], [])], [0, 0, 0x80, 0x3F]);
        CheckError(await Grpc.CallAsync("ModelInfer", empty), InvalidArgument, Text);
    }

    [Theory(DisplayName = "174 datatypes that are none")]
    [InlineData("XYZ")]
    [InlineData("fp32")]
    [InlineData("BF16")]
    [InlineData("")]
    public async Task ModelInfer_BadDatatype_IsRefused(string datatype)
    {
        InferTensor tensor = InferTensor.Fp32("a", [1], 1f) with { Datatype = datatype };
        GrpcAnswer answer = await Grpc.CallAsync("ModelInfer", InferMessage.Request("echo", "1", [tensor]));
        answer.Status.Should().Be(InvalidArgument, "of {0}", answer);
        if (datatype != "BF16")
        {
            answer.Message.Should().Contain("invalid content type");
        }
    }

    [Theory(DisplayName = "175 tensors that cannot be")]
    [MemberData(nameof(Wrong))]
    public async Task ModelInfer_WrongTensor_IsRefused(string why, string datatype, long[] shape, int field, string? typed, string? raw)
    {
        byte[]? contents = typed is null ? null : new ProtoWriter().Bytes(field, Convert.FromHexString(typed)).ToArray();
        byte[] request = InferMessage.Request(
            "echo", "1", [new InferTensor("a", datatype, shape, contents)], raw is null ? [] : [Convert.FromHexString(raw)]);
        GrpcAnswer answer = await Grpc.CallAsync("ModelInfer", request);
        answer.Status.Should().Be(InvalidArgument, "{0} is the caller's fault: {1}", why, answer);
        answer.Message.Should().Contain("'a'", "the text names the input");
    }

    [Theory(DisplayName = "176 177 178 179 errors")]
    [MemberData(nameof(Errors))]
    public async Task ModelInfer_Error_HasItsCode(string model, int code, string? message)
    {
        GrpcAnswer answer = await Grpc.CallAsync("ModelInfer", InferMessage.Request(model, "1", [InferTensor.Fp32("a", [1], 1f)]),
            ("x-request-id", "rid-179"));
        CheckError(answer, code, message);
        answer.Message.Should().NotContain("Exception").And.NotContain("   at ");
    }

    [Fact(DisplayName = "180 181 repository load")]
    public async Task RepositoryModelLoad_EachState_IsTold()
    {
        ProtoFields loaded = new((await OkAsync("RepositoryModelLoad", Name("echo"))).Single());
        loaded.Text(1).Should().Be("echo");
        loaded.Flag(2).Should().BeTrue();
        (await Grpc.CallAsync("RepositoryModelLoad", Name("zzz"))).Status.Should().BeOneOf(NotFound, Unavailable);
        CheckError(await Grpc.CallAsync("RepositoryModelUnload", Name("zzz")), NotFound, "Model with name zzz does not exist.");
    }

    [Fact(DisplayName = "180 repository unload")]
    public async Task RepositoryModelUnload_Known_TakesItAway()
    {
        await using Bench bench = await Bench.StartAsync();
        GrpcAnswer answer = await bench.Grpc.CallAsync("RepositoryModelUnload", Name("meta"));
        answer.Status.Should().Be(Ok, "of {0}", answer);
        ProtoFields unloaded = new(answer.Messages.Single());
        unloaded.Text(1).Should().Be("meta");
        unloaded.Flag(2).Should().BeTrue();
        CheckError(await bench.Grpc.CallAsync("RepositoryModelUnload", Name("meta")), NotFound, "Model with name meta does not exist.");
        CheckError(await bench.Grpc.CallAsync("ModelReady", Name("meta")), NotFound, "Model with name meta does not exist.");
    }

    [Fact(DisplayName = "182 a version is ignored")]
    public async Task ModelInfer_Version_IsIgnored()
    {
        InferMessage answer = await InferAsync(InferMessage.Request(new ProtoWriter().Text(2, "7"), "echo", "1", [InferTensor.Fp32("a", [1], 1f)]));
        answer.Version.Should().BeEmpty();
    }

    [Fact(DisplayName = "183 requested outputs, parameters and fields of the future do no harm")]
    public async Task ModelInfer_OtherFields_AreTolerated()
    {
        ProtoWriter Parameter(string name, ProtoWriter value) => new ProtoWriter().Text(1, name).Message(2, value);
        ProtoWriter before = new ProtoWriter()
            .Message(6, new ProtoWriter().Text(1, "a"))
            .Message(4, Parameter("b", new ProtoWriter().Number(1, 1))).Message(4, Parameter("i", new ProtoWriter().Number(2, ulong.MaxValue)))
            .Message(4, Parameter("s", new ProtoWriter().Text(3, "x"))).Message(4, Parameter("d", new ProtoWriter().Double(4, 1.5)))
            .Message(4, Parameter("u", new ProtoWriter().Number(5, ulong.MaxValue))).Message(4, Parameter("none", new ProtoWriter()))
            .Text(99, "a field of the future").Number(100, 5).Double(101, 1.5);
        InferMessage answer = await InferAsync(InferMessage.Request(
            before, "echo", "1", [InferTensor.Fp32("a", [1], 1f), InferTensor.Fp32("b", [1], 2f)]));
        answer.Tensors.Select(t => t.Name).Should().Equal(["a", "b"], "requested outputs mean nothing over gRPC");
    }

    [Fact(DisplayName = "5.1 calls and services that are not there")]
    public async Task Grpc_UnknownMethod_IsUnimplemented()
    {
        (await Grpc.CallAsync("NoSuch", [])).Status.Should().Be(Unimplemented);
        (await Grpc.SendAsync("/no.such.Service/Call", GrpcFrame.Wrap([]))).Status.Should().Be(Unimplemented);
    }

    [Fact(DisplayName = "5.6 the standard health service")]
    public async Task Grpc_Health_SaysWhatReadinessSays()
    {
        byte[] whole = GrpcFrame.Wrap([]);
        GrpcAnswer answer = await Grpc.SendAsync("/grpc.health.v1.Health/Check", whole);
        answer.Status.Should().Be(Ok, "of {0}", answer);
        new ProtoFields(answer.Messages.Single()).Number(1).Should().Be(2, "NOT_SERVING: the model nr is not ready");
        answer = await Grpc.SendAsync("/grpc.health.v1.Health/Check", GrpcFrame.Wrap(new ProtoWriter().Text(1, "no.such").ToArray()));
        answer.Status.Should().Be(NotFound, "of {0}", answer);

        await using Bench ready = await Bench.StartAsync();
        await ready.CheckAsync(HttpRequestText.Post("/v2/repository/models/nr/unload"), Expect.Status(200));
        answer = await ready.Grpc.SendAsync("/grpc.health.v1.Health/Check", whole);
        new ProtoFields(answer.Messages.Single()).Number(1).Should().Be(1, "SERVING");
    }

    [Theory(DisplayName = "5.6 reflection")]
    [InlineData("v1")]
    [InlineData("v1alpha")]
    public async Task Grpc_Reflection_KnowsTheService(string version)
    {
        string path = $"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo";
        GrpcAnswer listed = await Grpc.SendAsync(path, GrpcFrame.Wrap(new ProtoWriter().Text(7, "").ToArray()));
        listed.Status.Should().Be(Ok, "of {0}", listed);
        ProtoFields answer = new(listed.Messages.Single());
        answer.Messages(6).Single().Messages(1).Select(s => s.Text(1)).Should().Contain(GrpcCaller.Service).And.Contain("grpc.health.v1.Health");

        GrpcAnswer described = await Grpc.SendAsync(path, GrpcFrame.Wrap(new ProtoWriter().Text(4, GrpcCaller.Service).ToArray()));
        answer = new ProtoFields(described.Messages.Single());
        Encoding.UTF8.GetString(answer.Messages(4).Single().Fixed(1)).Should().Contain("ModelInferRequest").And.Contain("ModelStreamInfer");
    }

    private static byte[] Name(string model) => new ProtoWriter().Text(1, model).ToArray();

    private static void CheckError(GrpcAnswer answer, int code, string? message)
    {
        answer.HttpStatus.Should().Be(System.Net.HttpStatusCode.OK);
        answer.Status.Should().Be(code, "of {0}", answer);
        answer.TrailersOnly.Should().BeTrue("an error before any message is one block of headers: {0}", answer);
        if (message is null)
        {
            answer.Message.Should().NotBeEmpty();
        }
        else
        {
            answer.Message.Should().Be(message);
        }
    }

    private async Task<IReadOnlyList<byte[]>> OkAsync(string rpc, byte[] message)
    {
        GrpcAnswer answer = await Grpc.CallAsync(rpc, message);
        answer.Status.Should().Be(Ok, "of {0}", answer);
        answer.Headers["content-type"].Should().StartWith("application/grpc");
        return answer.Messages;
    }

    private async Task<InferMessage> InferAsync(byte[] request) => InferMessage.ParseResponse((await OkAsync("ModelInfer", request)).Single());
}
