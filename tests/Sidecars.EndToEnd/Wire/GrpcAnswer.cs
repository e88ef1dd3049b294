using System.Net;

namespace Sidecars.EndToEnd.Wire;

/// <summary>A gRPC answer: what stood in the headers, the messages, what stood in the trailers.</summary>
public sealed record GrpcAnswer(
    HttpStatusCode HttpStatus,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyDictionary<string, string> Trailers,
    byte[] Body)
{
    /// <summary>The error of the transport, when the stream was reset.</summary>
    public string? Failure { get; init; }

    /// <summary>The status stands in the headers and no body came: the short form of an error.</summary>
    public bool TrailersOnly => Headers.ContainsKey("grpc-status") && Body.Length == 0;

    /// <summary>The gRPC status; −1 when none was sent.</summary>
    public int Status => Value("grpc-status") is { } status
        ? int.Parse(status, System.Globalization.CultureInfo.InvariantCulture)
        : -1;

    /// <summary>The status message, percent-decoded.</summary>
    public string Message => Uri.UnescapeDataString(Value("grpc-message") ?? "");

    /// <summary>The messages of the body, each out of its five-byte frame.</summary>
    public IReadOnlyList<byte[]> Messages => GrpcFrame.Split(Body);

    public string? Value(string name) => Trailers.TryGetValue(name, out string? value) || Headers.TryGetValue(name, out value)
        ? value
        : null;

    public override string ToString() =>
        $"HTTP {(int)HttpStatus}, grpc-status {Status} '{Message}', failure {Failure ?? "none"}\n"
        + $"headers: {string.Join("; ", Headers.Select(h => $"{h.Key}: {h.Value}"))}\n"
        + $"trailers: {string.Join("; ", Trailers.Select(h => $"{h.Key}: {h.Value}"))}\n{WireText.Show(Body)}";
}
