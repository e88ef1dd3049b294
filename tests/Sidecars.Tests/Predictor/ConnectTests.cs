using System.Net;
using System.Net.Sockets;
using Sidecars.Pipeline;
using Sidecars.Predictor;

namespace Sidecars.Tests.Predictor;

/// <summary>A predictor whose address answers nothing at all, as that of a pod that is gone does.</summary>
public sealed class ConnectTests
{
    [Theory]
    [InlineData(PredictorProtocol.V1)]
    [InlineData(PredictorProtocol.V2)]
    [InlineData(PredictorProtocol.GrpcV2)]
    public async Task Infer_NoConnectionInTime_IsUnreachable(PredictorProtocol protocol)
    {
        using SilentAddress silent = await SilentAddress.ListenAsync();
        await using var client = new InferenceClient(OptionsOf(silent, protocol));

        Func<Task> call = async () => await client.InferAsync(InferRequest.FromRows([1f], 1), new PredictorCall("m"));

        InferenceException e = (await call.Should().ThrowAsync<InferenceException>()).Which;
        e.Kind.Should().Be(ErrorKind.PredictorUnreachable);
        e.Message.Should().Contain(silent.Host).And.Contain("in time");
    }

    [Fact]
    public async Task OpenAi_NoConnectionInTime_IsUnreachable()
    {
        using SilentAddress silent = await SilentAddress.ListenAsync();
        using var client = new OpenAiClient(OptionsOf(silent, PredictorProtocol.V1), "");
        var call = new OpenAiCall(client.AddressOf(null), "v1/chat/completions", [], null);

        Func<Task> whole = async () => await client.SendAsync(call, default);
        Func<Task> streamed = async () => await client.StreamAsync(call, default);

        (await whole.Should().ThrowAsync<InferenceException>()).Which.Kind.Should().Be(ErrorKind.PredictorUnreachable);
        (await streamed.Should().ThrowAsync<InferenceException>()).Which.Kind.Should().Be(ErrorKind.PredictorUnreachable);
    }

    [Fact]
    public async Task Infer_CallerGoesAwayMeanwhile_IsCanceled()
    {
        using SilentAddress silent = await SilentAddress.ListenAsync();
        await using var client = new InferenceClient(new InferenceClientOptions { Host = silent.Host });
        using var caller = new CancellationTokenSource();

        Task<InferResponse> call = client.InferAsync(InferRequest.FromRows([1f], 1), new PredictorCall("m"), caller.Token).AsTask();
        await caller.CancelAsync();

        await call.Invoking(static c => c).Should().ThrowAsync<OperationCanceledException>();
    }

    private static InferenceClientOptions OptionsOf(SilentAddress silent, PredictorProtocol protocol) => new()
    {
        Host = silent.Host,
        Protocol = protocol,
        ConnectTimeout = TimeSpan.FromMilliseconds(100),
    };

    /// <summary>A port whose queue of connections is full: the system lets further ones wait without an answer.</summary>
    private sealed class SilentAddress : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _waiting = [];

        public string Host => "127.0.0.1:" + ((IPEndPoint)_listener.LocalEndPoint!).Port;

        public static async Task<SilentAddress> ListenAsync()
        {
            var silent = new SilentAddress();
            silent._listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            silent._listener.Listen(0);
            while (true)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                silent._waiting.Add(socket);
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
                try
                {
                    await socket.ConnectAsync(silent._listener.LocalEndPoint!, patience.Token);
                }
                catch (OperationCanceledException)
                {
                    return silent;
                }
            }
        }

        public void Dispose()
        {
            _listener.Dispose();
            _waiting.ForEach(static s => s.Dispose());
        }
    }
}
