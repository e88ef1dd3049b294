using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sidecars.Serving;

namespace Sidecars.Hosting;

/// <summary>The ports and the limits of the connections.</summary>
internal static class Listening
{
    public static void Configure(KestrelServerOptions kestrel, SidecarOptions options)
    {
        kestrel.AddServerHeader = false;
        KestrelServerLimits limits = kestrel.Limits;
        limits.KeepAliveTimeout = options.KeepAliveTimeout;
        limits.MaxRequestBodySize = options.MaxRequestBodySize;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);

        // gRPC calls of one connection share a window; images need more than the default 128 KiB.
        limits.Http2.InitialConnectionWindowSize = 8 << 20;
        limits.Http2.InitialStreamWindowSize = 4 << 20;
        limits.Http2.MaxStreamsPerConnection = 1000;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(60);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);

        kestrel.Listen(IPAddress.Any, options.HttpPort, static listen => listen.Protocols = HttpProtocols.Http1);
        if (options.MetricsPort is { } metrics && metrics != options.HttpPort)
        {
            kestrel.Listen(IPAddress.Any, metrics, static listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(static next => connection =>
                {
                    connection.Features.Set(MetricsListener.Instance);
                    return next(connection);
                });
            });
        }

        if (options.EnableGrpc)
        {
            kestrel.ListenAnyIP(options.GrpcPort, static listen => listen.Protocols = HttpProtocols.Http2);
        }
    }

    /// <summary>Says of a port that cannot be opened which flag it is of, and what to do.</summary>
    /// <param name="e">What the server threw. Of a port that is taken its text names the address.</param>
    /// <param name="options">The ports.</param>
    public static string Explain(Exception e, SidecarOptions options)
    {
        (int? Port, string Flag)[] ports =
            [(options.HttpPort, "--http_port"), (options.EnableGrpc ? options.GrpcPort : null, "--grpc_port"), (options.MetricsPort, "--metrics_port")];
        if (e is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            string refused = string.Join(", ", ports.Where(static p => p.Port is > 0 and < 1024).Select(static p => $"{p.Flag} {p.Port}"));
            return $"The system does not let this user open the ports{(refused.Length > 0 ? " of " + refused : "")}: those under 1024 are mostly"
                + " root's. Take others; a Service in front can have any.";
        }

        string? flag = ports.FirstOrDefault(p => p.Port is { } port && e.Message.Contains($":{port}:", StringComparison.Ordinal)).Flag;
        return flag is null ? e.Message
            : $"{e.Message.TrimEnd('.')}. Take another port with {flag}, 0 for any that is free"
                + (flag == "--grpc_port" ? ", or serve no gRPC with --enable_grpc=false." : ".");
    }
}
