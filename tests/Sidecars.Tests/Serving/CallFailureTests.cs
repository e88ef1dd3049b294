using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Sidecars.Serving;
using Sidecars.Testing;

namespace Sidecars.Tests.Serving;

/// <summary>What the log says of a call that failed.</summary>
public sealed class CallFailureTests
{
    private static readonly Exception s_thrown = new HttpRequestException("outer", new SocketException((int)SocketError.ConnectionRefused));

    [Theory]
    [InlineData(ErrorKind.PredictorUnreachable)]
    [InlineData(ErrorKind.PredictorBody)]
    [InlineData(ErrorKind.PredictorStatus)]
    [InlineData(ErrorKind.PredictorTimeout)]
    public void Told_OfThePredictor_IsTheReasonInALine(ErrorKind kind)
    {
        InferenceException error = new(kind, "The predictor is away.", s_thrown);

        CallFailure.Told(error, error, debug: false).Should().Be(("The predictor is away. Connection refused", (Exception?)null));
        CallFailure.Told(error, error, debug: true).Should().Be(("The predictor is away.", s_thrown));
    }

    [Fact]
    public void Told_OfAHook_IsAllThatWasThrown()
    {
        InferenceException error = new(ErrorKind.Internal, "Internal server error.", s_thrown);

        CallFailure.Told(error, s_thrown, debug: false).Should().Be(("Internal server error.", s_thrown));
    }

    [Fact]
    public void Told_OfThePredictorWithoutAReason_IsItsText() =>
        CallFailure.Told(new InferenceException(ErrorKind.PredictorStatus, "No."), s_thrown, debug: false).Should().Be(("No.", (Exception?)null));

    /// <summary>
    /// The peer leaves the connection open: one that closes it with what it did not read may take its answer back, and what
    /// is told then is that it closed.
    /// </summary>
    [Fact]
    public async Task Grpc_ToAPortOfRest_AsksWhetherItIsTheRightOne()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var peers = new ConcurrentBag<Socket>();
        Task accepting = AnswerInHttp1Async(listener, peers);
        await using SidecarTestHost host = await SidecarTestHost.StartAsync<Proxy>(
            predictor: null, "--predictor_protocol", "grpc-v2", "--predictor_host", listener.LocalEndpoint.ToString()!);

        using HttpResponseMessage answer = await host.Http.PostAsync(TestCalls.V1Predict, TestCalls.Json("""{"instances":[[1.5]]}"""));

        answer.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        (await answer.ErrorAsync()).Should().Be(
            $"The predictor at {listener.LocalEndpoint} did not answer in HTTP/2, which gRPC takes: is that its gRPC port?");
        listener.Stop();
        await accepting;
        foreach (Socket peer in peers)
        {
            peer.Dispose();
        }
    }

    private static async Task AnswerInHttp1Async(TcpListener listener, ConcurrentBag<Socket> peers)
    {
        try
        {
            while (true)
            {
                Socket peer = await listener.AcceptSocketAsync();
                peers.Add(peer);

                // HTTP/2 begins with a line that a server of HTTP/1 reads as a request.
                await peer.ReceiveAsync(new byte[1024]);
                await peer.SendAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            }
        }
        catch (SocketException)
        {
            // The listener was stopped.
        }
    }
}
