using System.Buffers.Binary;
using System.Net;
using System.Text;
using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;

namespace Sidecars.EndToEnd.Cases;

/// <summary>Contract section E, second part: frames, compression, sizes, deadlines, streams, and what breaks them.</summary>
[Collection(SharedServerTests.Name)]
public sealed class GrpcTransportCases(SharedServer shared)
{
    private const int Ok = 0;
    private const int InvalidArgument = 3;
    private const int DeadlineExceeded = 4;
    private const int ResourceExhausted = 8;
    private const int Unimplemented = 12;

    private const string Infer = "/" + GrpcCaller.Service + "/ModelInfer";

    private const string Stream = "/" + GrpcCaller.Service + "/ModelStreamInfer";

    private static readonly byte[] _request = InferMessage.Request("echo", "1", [InferTensor.Fp32("a", [1], 1.5f)]);

    private Bench Bench => shared.Bench;

    private GrpcCaller Grpc => shared.Bench.Grpc;

    /// <summary>Bodies that are no well-framed single message.</summary>
    public static TheoryData<string, byte[]> BadFrames => new()
    {
        { "no message", [] },
        { "half a head", [0, 0, 0] },
        { "a head alone", [0, 0, 0, 0, 9] },
        { "shorter than said", GrpcFrame.Wrap([1, 2, 3], 0, 100) },
        { "length of 4 GiB", GrpcFrame.Wrap([1, 2, 3], 0, uint.MaxValue) },
        { "unknown flag", GrpcFrame.Wrap(_request, 2) },
        { "compressed without encoding", GrpcFrame.Wrap(GrpcFrame.Gzip(_request), 1) },
        { "two messages", [.. GrpcFrame.Wrap(_request), .. GrpcFrame.Wrap(_request)] },
        { "bytes after the message", [.. GrpcFrame.Wrap(_request), 0] },
        { "no protobuf", GrpcFrame.Wrap([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]) },
        { "field longer than the message", GrpcFrame.Wrap([0x0A, 0x7F, 0x61]) },
        { "negative length", GrpcFrame.Wrap([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x61]) },
        { "field number zero", GrpcFrame.Wrap([0x02, 0x01, 0x61]) },
        { "wire type seven", GrpcFrame.Wrap([0x0F, 0x01]) },
        { "group without end", GrpcFrame.Wrap([0x0B, 0x08, 0x01]) },
        { "name in a number's wire type", GrpcFrame.Wrap([0x08, 0x01]) },
        { "nested garbage", GrpcFrame.Wrap([0x0A, 0x04, .. "echo"u8, 0x2A, 0x03, 0xFF, 0xFF, 0xFF]) },
        { "name of invalid UTF-8", GrpcFrame.Wrap([0x0A, 0x02, 0xFF, 0xFE]) },
    };

    [Theory(DisplayName = "5 bad frames")]
    [MemberData(nameof(BadFrames))]
    public async Task Grpc_BadFrame_IsAnErrorAndNoMore(string why, byte[] body)
    {
        GrpcAnswer answer = await Grpc.SendAsync(Infer, body);
        answer.Status.Should().NotBe(Ok, "{0}: {1}", why, answer);
        (answer.Status > 0 || answer.Failure is not null).Should().BeTrue("{0} gets an error: {1}", why, answer);
        answer.Message.Should().NotContain("   at ");
        await CheckAliveAsync();
    }

    [Fact(DisplayName = "5.6 gzip messages")]
    public async Task Grpc_GzipMessage_IsRead()
    {
        GrpcAnswer answer = await Grpc.SendAsync(Infer, GrpcFrame.Wrap(GrpcFrame.Gzip(_request), 1),
            ("grpc-encoding", "gzip"), ("grpc-accept-encoding", "identity,gzip"));
        answer.Status.Should().Be(Ok, "of {0}", answer);
        InferMessage.ParseResponse(answer.Messages.Single()).Tensors.Single().Floats().Should().Equal(1.5f);

        // Announced, but this message is not compressed: that is allowed.
        answer = await Grpc.SendAsync(Infer, GrpcFrame.Wrap(_request), ("grpc-encoding", "gzip"));
        answer.Status.Should().Be(Ok, "of {0}", answer);
        GrpcFrame.Split(answer.Body).Should().ContainSingle();

        answer = await Grpc.SendAsync(Infer, GrpcFrame.Wrap([1, 2, 3], 1), ("grpc-encoding", "gzip"));
        answer.Status.Should().BePositive("what is no gzip is an error: {0}", answer);
    }

    [Fact(DisplayName = "5.6 an encoding the server does not know")]
    public async Task Grpc_UnknownEncoding_IsUnimplemented()
    {
        GrpcAnswer answer = await Grpc.SendAsync(Infer, GrpcFrame.Wrap(_request, 1), ("grpc-encoding", "snappy"));
        answer.Status.Should().Be(Unimplemented, "of {0}", answer);
        answer.Value("grpc-accept-encoding").Should().Contain("gzip");
    }

    [Fact(DisplayName = "184 messages beyond the limit")]
    public async Task Grpc_MessageTooLarge_IsResourceExhausted()
    {
        byte[] large = Big(8 * 1024 * 1024 + 1);
        GrpcAnswer answer = await Grpc.CallAsync("ModelInfer", large);
        answer.Status.Should().Be(ResourceExhausted, "of {0}", answer);

        // Small on the wire, large when unpacked: the limit is on what it becomes.
        answer = await Grpc.SendAsync(Infer, GrpcFrame.Wrap(GrpcFrame.Gzip(Big(64 * 1024 * 1024)), 1), ("grpc-encoding", "gzip"));
        answer.Status.Should().Be(ResourceExhausted, "of {0}", answer);

        answer = await Grpc.CallAsync("ModelInfer", Big(7 * 1024 * 1024));
        answer.Status.Should().Be(Ok, "8 MiB are allowed");

        await using Bench raised = await Bench.StartAsync(
            "--grpc_max_receive_message_length", "20000000", "--grpc_max_send_message_length", "20000000");
        answer = await raised.Grpc.CallAsync("ModelInfer", large);
        answer.Status.Should().Be(Ok);
        InferMessage.ParseResponse(answer.Messages.Single()).Raw.Single().Should().HaveCount(8 * 1024 * 1024 + 1);

        await using Bench lowered = await Bench.StartAsync("--grpc_max_send_message_length", "1024");
        answer = await lowered.Grpc.CallAsync("ModelInfer", Big(4096));
        answer.Status.Should().Be(ResourceExhausted, "of {0}", answer);
        answer = await lowered.Grpc.CallAsync("ModelInfer", Big(16));
        answer.Status.Should().Be(Ok, "of {0}", answer);
    }

    [Fact(DisplayName = "3 grpc-timeout")]
    public async Task Grpc_Timeout_IsDeadlineExceeded()
    {
        GrpcAnswer answer = await Grpc.CallAsync(
            "ModelInfer", InferMessage.Request("slow", "1", [InferTensor.Fp32("a", [1], 1f)]), ("grpc-timeout", "200m"));
        answer.Status.Should().Be(DeadlineExceeded, "of {0}", answer);
        answer = await Grpc.CallAsync("ModelInfer", _request, ("grpc-timeout", "99999999H"));
        answer.Status.Should().Be(Ok, "a long time is no fault: {0}", answer);
        await CheckAliveAsync();
    }

    [Fact(DisplayName = "3 a caller who cancels")]
    public async Task Grpc_Cancelled_ServerGoesOn()
    {
        using CancellationTokenSource deadline = Deadline.Start();
        for (int i = 0; i < 5; i++)
        {
            using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
            PushContent content = new();
            Task<HttpResponseMessage> call = Grpc.OpenAsync(Infer, content, cancel.Token);
            content.Push(GrpcFrame.Wrap(InferMessage.Request("slow", "1", [InferTensor.Fp32("a", [1], 1f)])));
            content.Finish();
            await cancel.CancelAsync();
            await call.Invoking(c => c).Should().ThrowAsync<OperationCanceledException>();
        }

        await CheckAliveAsync();
    }

    [Fact(DisplayName = "5 a request reset in the middle")]
    public async Task Grpc_ResetInTheMiddle_ServerGoesOn()
    {
        using CancellationTokenSource deadline = Deadline.Start();
        PushContent content = new();
        Task<HttpResponseMessage> call = Grpc.OpenAsync(Infer, content, deadline.Token);
        content.Push(GrpcFrame.Wrap(_request)[..7]);
        content.Break();
        await call.Invoking(c => c).Should().ThrowAsync<HttpRequestException>();
        await CheckAliveAsync();
    }

    [Fact(DisplayName = "3 ModelStreamInfer: one answer for each request, in turn")]
    public async Task Stream_Requests_AreAnsweredInTurn()
    {
        using CancellationTokenSource deadline = Deadline.Start();
        PushContent content = new();
        content.Push(Frame("echo", "1"));
        using HttpResponseMessage response = await Grpc.OpenAsync(Stream, content, deadline.Token);
        await using System.IO.Stream body = await response.Content.ReadAsStreamAsync(deadline.Token);

        // The first answer comes before the second request is sent: it is a stream, not a batch.
        StreamAnswer(await ReadMessageAsync(body, deadline.Token)).Id.Should().Be("1");
        content.Push(Frame("echo", "2"));
        StreamAnswer(await ReadMessageAsync(body, deadline.Token)).Id.Should().Be("2");

        // One request's error is a message of its own, and the stream goes on.
        content.Push(Frame("zzz", "3"));
        byte[] failed = (await ReadMessageAsync(body, deadline.Token))!;
        new ProtoFields(failed).Text(1).Should().Contain("zzz");
        content.Push(Frame("invalid-input", "4"));
        new ProtoFields((await ReadMessageAsync(body, deadline.Token))!).Text(1).Should().Contain("bad thing");
        content.Push(Frame("echo", "5"));
        StreamAnswer(await ReadMessageAsync(body, deadline.Token)).Id.Should().Be("5");

        content.Finish();
        (await ReadMessageAsync(body, deadline.Token)).Should().BeNull("the stream ends with the requests");
        response.TrailingHeaders.GetValues("grpc-status").Should().Equal("0");
    }

    [Fact(DisplayName = "3 ModelStreamInfer without a request, and broken off")]
    public async Task Stream_EmptyOrBroken_EndsWell()
    {
        using CancellationTokenSource deadline = Deadline.Start();
        PushContent none = new();
        none.Finish();
        using HttpResponseMessage response = await Grpc.OpenAsync(Stream, none, deadline.Token);
        GrpcAnswer answer = await GrpcCaller.ReadAsync(response, deadline.Token);
        answer.Status.Should().Be(Ok, "of {0}", answer);
        answer.Body.Should().BeEmpty();

        PushContent broken = new();
        broken.Push(Frame("echo", "1"));
        using HttpResponseMessage begun = await Grpc.OpenAsync(Stream, broken, deadline.Token);
        await using System.IO.Stream body = await begun.Content.ReadAsStreamAsync(deadline.Token);
        StreamAnswer(await ReadMessageAsync(body, deadline.Token)).Id.Should().Be("1");
        broken.Break();
        await body.Invoking(b => ReadMessageAsync(b, deadline.Token)).Should().ThrowAsync<Exception>();
        await CheckAliveAsync();
    }

    [Fact(DisplayName = "5.6 many calls on one connection at once")]
    public async Task Grpc_ManyCalls_ShareAConnection()
    {
        GrpcAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            Grpc.CallAsync("ModelInfer", InferMessage.Request("echo", $"{i}", [InferTensor.Fp32("a", [1], i)]))));
        answers.Select(a => InferMessage.ParseResponse(a.Messages.Single()).Id).Should().Equal(Enumerable.Range(0, 50).Select(i => $"{i}"));
    }

    [Fact(DisplayName = "5.6 what is no gRPC at all")]
    public async Task Grpc_ForeignRequests_AreRefused()
    {
        GrpcAnswer wrongType = await Grpc.SendAsync(Infer, GrpcFrame.Wrap(_request), ("content-type", "application/json"));
        (wrongType.HttpStatus == HttpStatusCode.UnsupportedMediaType || wrongType.Status > 0).Should().BeTrue("of {0}", wrongType);
        GrpcAnswer proto = await Grpc.SendAsync(Infer, GrpcFrame.Wrap(_request), ("content-type", "application/grpc+proto"));
        proto.Status.Should().Be(Ok, "of {0}", proto);

        using CancellationTokenSource deadline = Deadline.Start();
        await using HttpConnection old = await HttpConnection.OpenAsync(Bench.Server.GrpcPort, deadline.Token);
        await old.WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), deadline.Token);
        Encoding.Latin1.GetString(await old.ReadToEndAsync(deadline.Token)).Should().NotStartWith("HTTP/1.1 200");

        // The preface, then frames of lies: an unknown stream, a frame larger than allowed, garbage.
        byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
        byte[] settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
        foreach (byte[] lie in new byte[][]
        {
            [0, 0, 4, 0, 0, 0, 0, 0, 99, 1, 2, 3, 4],
            [0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 1],
            [0, 0, 3, 1, 4, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF],
            [0, 0, 4, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [.. Enumerable.Range(0, 500).Select(i => (byte)(i * 7))],
        })
        {
            await using HttpConnection liar = await HttpConnection.OpenAsync(Bench.Server.GrpcPort, deadline.Token);
            await liar.WriteAsync([.. preface, .. settings, .. lie], deadline.Token);
            liar.FinishSending();
            await liar.ReadToEndAsync(deadline.Token);
        }

        await CheckAliveAsync();
    }

    [Fact(DisplayName = "3 keep-alive pings are answered")]
    public async Task Http2_Ping_IsAcknowledged()
    {
        using CancellationTokenSource deadline = Deadline.Start();
        await using HttpConnection connection = await HttpConnection.OpenAsync(Bench.Server.GrpcPort, deadline.Token);
        byte[] ping = [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
        await connection.WriteAsync(
            [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0, .. ping], deadline.Token);
        string acknowledged = "00000806" + "01" + "00000000" + "0102030405060708";
        string received = "";
        while (!received.Contains(acknowledged, StringComparison.Ordinal))
        {
            byte[] more = await connection.ReadSomeAsync(deadline.Token);
            more.Should().NotBeEmpty("the connection must not end before the ping is acknowledged; it sent {0}", received);
            received += Convert.ToHexString(more);
        }
    }

    [Fact(DisplayName = "5 many streams opened and reset at once")]
    public async Task Grpc_RapidResets_ServerGoesOn()
    {
        using CancellationTokenSource deadline = Deadline.Start();
        await using HttpConnection connection = await HttpConnection.OpenAsync(Bench.Server.GrpcPort, deadline.Token);
        List<byte> bytes = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];
        for (int stream = 1; stream < 4000; stream += 2)
        {
            byte[] id = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(id, stream);

            // HEADERS: POST, http, "/" and no more from the static table; then RST_STREAM with CANCEL.
            bytes.AddRange([0, 0, 3, 1, 4, .. id, 0x83, 0x86, 0x84]);
            bytes.AddRange([0, 0, 4, 3, 0, .. id, 0, 0, 0, 8]);
        }

        try
        {
            await connection.WriteAsync([.. bytes], deadline.Token);
            connection.FinishSending();
        }
        catch (IOException)
        {
            // The server may have had enough of it: that is its right.
        }

        await connection.ReadToEndAsync(deadline.Token);
        await CheckAliveAsync();
    }

    private static byte[] Big(int bytes) =>
        InferMessage.Request("echo", "1", [new InferTensor("a", "UINT8", [bytes])], new byte[bytes]);

    private static byte[] Frame(string model, string id) =>
        GrpcFrame.Wrap(InferMessage.Request(model, id, [InferTensor.Fp32("a", [1], 1f)]));

    private static InferMessage StreamAnswer(byte[]? message)
    {
        message.Should().NotBeNull();
        ProtoFields fields = new(message!);
        fields.Text(1).Should().BeEmpty();
        return InferMessage.ParseResponse(fields.All(2).Single());
    }

    private static async Task<byte[]?> ReadMessageAsync(System.IO.Stream body, CancellationToken cancel)
    {
        byte[] head = new byte[5];
        if (await body.ReadAtLeastAsync(head, 5, throwOnEndOfStream: false, cancel) < 5)
        {
            return null;
        }

        byte[] message = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
        await body.ReadExactlyAsync(message, cancel);
        return message;
    }

    private async Task CheckAliveAsync()
    {
        GrpcAnswer answer = await Grpc.CallAsync("ModelInfer", _request);
        answer.Status.Should().Be(Ok, "the server goes on: {0}\n{1}", answer, Bench.Server.Output);
    }
}
