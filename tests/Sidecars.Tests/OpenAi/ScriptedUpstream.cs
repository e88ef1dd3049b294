using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sidecars.Tests.OpenAi;

/// <summary>One request as it came in.</summary>
internal sealed record UpstreamRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>
/// A predictor on a plain socket that answers what a script writes, byte for byte. One request per connection, which
/// closes when the script ends.
/// </summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly Func<UpstreamRequest, Stream, Task> _script;
    private readonly Task _accepting;

    private ScriptedUpstream(Func<UpstreamRequest, Stream, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Host => _listener.LocalEndpoint.ToString()!;

    public ConcurrentQueue<UpstreamRequest> Requests { get; } = new();

    public UpstreamRequest Only => Requests.Should().ContainSingle().Which;

    public static ScriptedUpstream Start(Func<UpstreamRequest, Stream, Task> script) => new(script);

    /// <summary>Answers every request with the same whole answer.</summary>
    public static ScriptedUpstream Answering(string json, int status = 200, string headers = "") =>
        new((_, stream) => AnswerAsync(stream, json, status, headers));

    public static Task AnswerAsync(Stream stream, string body, int status = 200, string headers = "", string type = "application/json") =>
        WriteAsync(
            stream,
            string.Create(
                CultureInfo.InvariantCulture,
                $"HTTP/1.1 {status} Status\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}Connection: close\r\n\r\n{body}"));

    public static Task BeginStreamAsync(Stream stream) =>
        WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");

    /// <summary>Writes one chunk of the body, which need not be one event.</summary>
    public static Task WriteChunkAsync(Stream stream, string text) =>
        WriteAsync(stream, string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n"));

    public static Task EndStreamAsync(Stream stream) => WriteAsync(stream, "0\r\n\r\n");

    /// <summary>A script that streams these events and ends as it should.</summary>
    public static ScriptedUpstream Streaming(params string[] events) => Start(async (_, stream) =>
    {
        await BeginStreamAsync(stream);
        foreach (string each in events)
        {
            await WriteChunkAsync(stream, $"data: {each}\n\n");
        }

        await EndStreamAsync(stream);
    });

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopped.Dispose();
    }

    private static Task WriteAsync(Stream stream, string text) => stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                // Nobody waits for it: a test that fails leaves its script at a gate that no longer opens.
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stopped.Token));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        using CancellationTokenRegistration stop = _stopped.Token.Register(socket.Dispose);
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            UpstreamRequest request = await ReadAsync(stream);
            Requests.Enqueue(request);
            await _script(request, stream);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            // The sidecar closed the connection, or the test is over.
        }
    }

    private static async Task<UpstreamRequest> ReadAsync(Stream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        string[] lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] first = lines[0].Split(' ');
        Dictionary<string, string> headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        byte[] body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body);
        return new UpstreamRequest(first[0], first[1], headers, Encoding.UTF8.GetString(body));
    }
}
