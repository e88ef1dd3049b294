using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Sidecars.EndToEnd.Wire;

namespace Image.Tests;

/// <summary>
/// A gRPC predictor of hand-written bytes: input "pixels", output "logits", the same answer to every request. The
/// numbers are those of the fields in the Open Inference Protocol's messages.
/// </summary>
internal sealed class GrpcPredictor : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GrpcPredictor(WebApplication app) => _app = app;

    public ConcurrentQueue<SentTensor> Sent { get; } = [];

    public string Host => new Uri(_app.Urls.Single()).Authority;

    public static async Task<GrpcPredictor> StartAsync(long[] shape, params float[] logits)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        var predictor = new GrpcPredictor(builder.Build());
        predictor._app.Run(async http =>
        {
            using MemoryStream body = new();
            await http.Request.Body.CopyToAsync(body);
            ProtoFields message = new(GrpcFrame.Split(body.ToArray()).Single());
            ProtoWriter answer = http.Request.Path.Value!.EndsWith("/ModelMetadata", StringComparison.Ordinal)
                ? new ProtoWriter().Text(1, "image").Message(4, Named("pixels", [2, 3, 224, 224])).Message(5, Named("logits", shape))
                : predictor.Answer(message, shape, logits);
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(GrpcFrame.Wrap(answer.ToArray()));
            http.Response.AppendTrailer("grpc-status", "0");
        });
        await predictor._app.StartAsync();
        return predictor;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static ProtoWriter Named(string name, long[] shape) =>
        new ProtoWriter().Text(1, name).Text(2, "FP32").Packed(3, shape.Select(static d => (ulong)d));

    private ProtoWriter Answer(ProtoFields request, long[] shape, float[] logits)
    {
        ProtoFields tensor = request.Messages(5).Single();
        byte[] data = request.All(7) is [var raw] ? raw : new ProtoFields(tensor.All(5).Single()).Fixed(6);
        Sent.Enqueue(new SentTensor(
            tensor.Text(1), tensor.Text(2), [.. tensor.Numbers(3).Select(static d => (long)d)], MemoryMarshal.Cast<byte, float>(data).ToArray()));
        return new ProtoWriter().Text(1, "image")
            .Message(5, Named("logits", shape).Message(5, new ProtoWriter().Bytes(6, MemoryMarshal.AsBytes<float>(logits))));
    }
}

/// <summary>The one tensor of a request.</summary>
internal sealed record SentTensor(string Name, string Datatype, long[] Shape, float[] Values);
