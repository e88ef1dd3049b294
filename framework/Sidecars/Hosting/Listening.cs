using System.Net;
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
}
