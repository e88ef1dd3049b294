using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;
using Xunit.Sdk;

namespace Sidecars.EndToEnd.Cases;

/// <summary>The peer itself: what it sends is what it reads, and its checks can fail.</summary>
public sealed class PeerTests
{
    [Fact]
    public async Task HttpConnection_AgainstTheStub_SeesEveryFraming()
    {
        await using StubPredictor stub = StubPredictor.Start();
        using CancellationTokenSource deadline = Deadline.Start();
        await using HttpConnection connection = await HttpConnection.OpenAsync(stub.Port, deadline.Token);
        HttpRequestText request = HttpRequestText.PostJson("/v1/models/proxy:predict", """{"instances":[1]}""").With("X-A", "1").With("x-a", "2");
        (await connection.SendAsync(request, deadline.Token)).Text.Should().Be(StubPredictor.V1Answer);
        (await connection.SendAsync(request.Chunked(3), deadline.Token)).Text.Should().Be(StubPredictor.V1Answer);
        (await connection.SendAsync(request.With("Expect", "100-continue"), deadline.Token)).SawContinue.Should().BeTrue();
        stub.Inferences.Select(r => r.Text).Should().AllBe("""{"instances":[1]}""").And.HaveCount(3);
        stub.Inferences[0].All("x-a").Should().Equal("1", "2");

        stub.Infer(StubAnswers.Chunked("text/plain", "ab", "c"));
        HttpAnswer chunked = await connection.SendAsync(request, deadline.Token);
        chunked.Text.Should().Be("abc");
        chunked.Chunks.Should().HaveCount(2);
        stub.Infer(StubAnswers.UntilClose("{}"));
        (await connection.SendAsync(request, deadline.Token)).Text.Should().Be("{}");
    }

    [Fact]
    public async Task GrpcCaller_AgainstTheStub_ReadsMessagesAndStatus()
    {
        await using StubGrpcPredictor stub = await StubGrpcPredictor.StartAsync();
        using GrpcCaller caller = new(stub.Port);
        byte[] sent = InferMessage.Request("proxy", "42", [InferTensor.Fp32("a", [1, 2], 1.5f, -2f), InferTensor.Text("t", [-1], "é", "")], [1], [2, 3]);
        GrpcAnswer answer = await caller.CallAsync("ModelInfer", sent, ("x-request-id", "rid"));
        answer.Status.Should().Be(0);
        InferMessage.ParseResponse(answer.Messages.Single()).Tensors.Single().Typed.Numbers(3).Should().Equal(5);

        stub.Inferences.Single().Headers["x-request-id"].Should().Be("rid");
        InferMessage got = InferMessage.ParseRequest(stub.Inferences.Single().Message);
        (got.ModelName, got.Id).Should().Be(("proxy", "42"));
        got.Tensors[0].Floats().Should().Equal(1.5f, -2f);
        got.Tensors[1].Shape.Should().Equal(-1);
        got.Tensors[1].Typed.Texts(8).Should().Equal("é", "");
        got.Raw.Select(Convert.ToHexString).Should().Equal("01", "0203");

        stub.Infer(new StubReply(null, 3, "nein, é"));
        answer = await caller.CallAsync("ModelInfer", sent);
        (answer.Status, answer.Message).Should().Be((3, "nein, é"));
    }

    [Fact]
    public void GrpcFrame_Split_UndoesWrap()
    {
        byte[] message = [1, 2, 3];
        GrpcFrame.Split([.. GrpcFrame.Wrap(message), .. GrpcFrame.Wrap(GrpcFrame.Gzip(message), 1)])
            .Should().BeEquivalentTo(new[] { message, message }, options => options.WithStrictOrdering());
    }

    [Fact]
    public void Expect_WhatIsNotSo_FailsAndShowsBothSides()
    {
        HttpAnswer answer = new(500, [KeyValuePair.Create("Content-Type", "text/html")], "{\"error\":\"x\"}"u8.ToArray(), [], false);
        HttpRequestText request = HttpRequestText.PostJson("/p", "the request's body");
        foreach (Expect expect in new[]
        {
            Expect.Status(200), Expect.Status(500).Text("{}"), Expect.Status(500).Bytes(1), Expect.Status(500).Json("{}"),
            Expect.Status(500).Header("Content-Type", "application/json"), Expect.Status(500).NoHeader("content-type"),
            Expect.ErrorWith(500, "x"), Expect.AnyError(501), Expect.Detail(500, "x"),
        })
        {
            expect.Invoking(e => e.Check(request, answer)).Should().Throw<XunitException>()
                .WithMessage("*the request's body*").WithMessage("*text/html*");
        }

        Expect.AnyError(500).Invoking(e => e.Check(request, answer)).Should().NotThrow();
    }

    [Theory]
    [InlineData("{\"a\":1,\"b\":[1.0]}", "{ \"b\" : [1], \"a\" : 1.0 }", true)]
    [InlineData("[1,2]", "[2,1]", false)]
    [InlineData("{\"a\":null}", "{}", false)]
    [InlineData("[9007199254740993]", "[9007199254740992]", false)]
    [InlineData("[1", "[1", false)]
    public void JsonText_Same_ComparesValues(string left, string right, bool same) => JsonText.Same(left, right).Should().Be(same);
}
