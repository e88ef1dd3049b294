using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sidecars.EndToEnd.Wire;

namespace Sidecars.EndToEnd.Fixtures;

/// <summary>A gRPC call as the predictor received it: the RPC's name, its metadata, its one message.</summary>
public sealed record StubCall(string Rpc, IReadOnlyDictionary<string, string> Headers, byte[] Message);

/// <summary>What the predictor answers: a message, or a status with its text, or neither: it waits.</summary>
public sealed record StubReply(byte[]? Message, int Status = 0, string Text = "", bool Hang = false);

/// <summary>A gRPC predictor of hand-written bytes behind a bare HTTP/2 listener.</summary>
public sealed class StubGrpcPredictor : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<StubCall> _calls = new();
    private Func<StubCall, StubReply?> _script = _ => null;

    private StubGrpcPredictor(WebApplication app) => _app = app;

    public int Port { get; private set; }

    public string Host => $"127.0.0.1:{Port}";

    public IReadOnlyList<StubCall> Inferences => [.. _calls.Where(c => c.Rpc == "ModelInfer")];

    public static async Task<StubGrpcPredictor> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        StubGrpcPredictor predictor = new(builder.Build());
        predictor._app.Run(predictor.AnswerAsync);
        await predictor._app.StartAsync();
        string address = predictor._app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        predictor.Port = new Uri(address).Port;
        return predictor;
    }

    public void Reset()
    {
        _calls.Clear();
        _script = _ => null;
    }

    public void Infer(StubReply reply) => Script(call => call.Rpc == "ModelInfer" ? reply : null);

    public void Script(Func<StubCall, StubReply?> script) => _script = script;

    /// <summary>A script's part: metadata with one input and one output of these names.</summary>
    public static StubReply Metadata(string input, string inputType, string output, string outputType) => new(new ProtoWriter()
        .Text(1, "proxy")
        .Message(4, new ProtoWriter().Text(1, input).Text(2, inputType).Packed(3, [unchecked((ulong)-1L)]))
        .Message(5, new ProtoWriter().Text(1, output).Text(2, outputType).Packed(3, [unchecked((ulong)-1L)]))
        .ToArray());

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static StubReply Default(StubCall call) => call.Rpc switch
    {
        "ServerLive" or "ServerReady" or "ModelReady" => new StubReply(new ProtoWriter().Number(1, 1).ToArray()),
        "ModelInfer" => new StubReply(InferMessage.Response(
            "proxy", "7", [InferTensor.Of("o", "INT64", [1], w => w.Packed(3, [5]))])),
        _ => new StubReply(null, 12, "The stub has no such call."),
    };

    private async Task AnswerAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        Dictionary<string, string> headers = http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString());
        StubCall call = new(http.Request.Path.Value!.Split('/')[^1], headers, GrpcFrame.Split(body.ToArray()).Single());
        _calls.Enqueue(call);
        StubReply reply = _script(call) ?? Default(call);
        http.Response.ContentType = "application/grpc";
        if (reply.Hang)
        {
            TaskCompletionSource aborted = new();
            await using CancellationTokenRegistration registration = http.RequestAborted.Register(() => aborted.TrySetResult());
            await aborted.Task;
            return;
        }

        if (reply.Message is not null)
        {
            await http.Response.Body.WriteAsync(GrpcFrame.Wrap(reply.Message));
        }

        http.Response.AppendTrailer("grpc-status", reply.Status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (reply.Text.Length > 0)
        {
            http.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(reply.Text));
        }
    }
}
