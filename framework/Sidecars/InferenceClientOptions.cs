namespace Sidecars;

/// <summary>How to reach a KServe service.</summary>
public sealed class InferenceClientOptions
{
    /// <summary>
    /// Where it is: <c>host</c>, <c>host:port</c> or a URL with an optional path in front of the protocol's own. Without
    /// a port it is 80, or 443 with TLS. Required.
    /// </summary>
    public required string Host { get; init; }

    /// <summary>What it speaks. Default: V1.</summary>
    public PredictorProtocol Protocol { get; init; } = PredictorProtocol.V1;

    /// <summary>Whether to use TLS when <see cref="Host"/> is no URL that says so. Default: false.</summary>
    public bool UseSsl { get; init; }

    /// <summary>A PEM file with the certificates to trust instead of the system's; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>How long a whole call may take, connecting and retries included. Default: 600 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>
    /// How often to try again, when no connection could be made or the answer was 503 or UNAVAILABLE; never once an
    /// answer began. Default: 0.
    /// </summary>
    public int Retries { get; init; }

    /// <summary>Whether REST goes over HTTP/2 without TLS (h2c) instead of HTTP/1.1. gRPC always uses HTTP/2. Default: false.</summary>
    public bool Http2 { get; init; }

    /// <summary>The largest answer that is read, in bytes. Default: 256 MiB.</summary>
    public long MaxAnswerSize { get; init; } = 256L << 20;

    /// <summary>The most nested JSON that is read. Default: 64.</summary>
    public int MaxJsonDepth { get; init; } = 64;

    /// <summary>How long one connection may take to be made; tests have no ten seconds.</summary>
    internal TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock; tests bring their own.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
