using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sidecars.EndToEnd.Fixtures;

/// <summary>
/// A predictor on a plain socket: records each request to the byte and answers what the contract's fixture says, or
/// what a script says.
/// </summary>
public sealed class StubPredictor : IAsyncDisposable
{
    public const string V1Answer = """{"predictions":[1]}""";

    public const string V2Answer =
        """{"model_name":"proxy","id":"7","outputs":[{"name":"o","shape":[1],"datatype":"INT64","data":[5]}]}""";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private bool _disposed;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ConcurrentQueue<StubRequest> _requests = new();
    private readonly X509Certificate2? _certificate;
    private Func<StubRequest, StubAnswer?> _script = _ => null;

    private StubPredictor(X509Certificate2? certificate)
    {
        _certificate = certificate;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public string Host => $"127.0.0.1:{Port}";

    /// <summary>The inference requests so far; questions for health and metadata are not among them.</summary>
    public IReadOnlyList<StubRequest> Inferences => [.. _requests.Where(r => r.Method == "POST")];

    /// <summary>Everything asked so far.</summary>
    public IReadOnlyList<StubRequest> Requests => [.. _requests];

    public static StubPredictor Start(X509Certificate2? certificate = null) => new(certificate);

    /// <summary>Forgets requests and script.</summary>
    public void Reset()
    {
        _requests.Clear();
        _script = _ => null;
    }

    /// <summary>Answers each inference with this.</summary>
    public void Infer(StubAnswer answer) => Script(r => r.Method == "POST" ? answer : null);

    /// <summary>Answers the inferences with these in turn, and the last one from then on.</summary>
    public void InferInTurn(params StubAnswer[] answers)
    {
        int next = -1;
        Script(r => r.Method == "POST" ? answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)] : null);
    }

    /// <summary>Decides per request; null leaves the fixture's answer.</summary>
    public void Script(Func<StubRequest, StubAnswer?> script) => _script = script;

    public ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return ValueTask.CompletedTask;
        }

        _disposed = true;
        _stopped.Cancel();
        _listener.Stop();
        _stopped.Dispose();
        return ValueTask.CompletedTask;
    }

    private static StubAnswer Default(StubRequest request) => (request.Method, request.Target) switch
    {
        ("GET", "/") => StubAnswers.Json(200, """{"status":"alive"}"""),
        ("GET", "/v2/health/ready") => StubAnswers.Json(200, """{"ready":true}"""),
        ("GET", "/v2/health/live") => StubAnswers.Json(200, """{"live":true}"""),
        ("GET", "/v1/models/proxy" or "/v2/models/proxy/ready") => StubAnswers.Json(200, """{"name":"proxy","ready":true}"""),
        ("POST", "/v1/models/proxy:predict") => StubAnswers.Json(200, V1Answer),
        ("POST", "/v2/models/proxy/infer") => StubAnswers.Json(200, V2Answer),
        _ => StubAnswers.Json(404, """{"error":"The stub has no such thing."}"""),
    };

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_stopped.Token);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using Socket _ = socket;
        socket.NoDelay = true;
        try
        {
            CancellationToken stopped = _stopped.Token;
            await using Stream stream = await SecureAsync(new NetworkStream(socket), stopped);
            while (await ReadAsync(stream, stopped) is { } request)
            {
                _requests.Enqueue(request);
                if (!await (_script(request) ?? Default(request))(stream, stopped))
                {
                    return;
                }
            }
        }
        catch (ResetException)
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or ObjectDisposedException or SocketException
            or System.Security.Authentication.AuthenticationException)
        {
        }
    }

    /// <summary>Drops the connection with a reset instead of an answer.</summary>
    public static StubAnswer ResetConnection => (_, _) => throw new ResetException();

    private async Task<Stream> SecureAsync(NetworkStream plain, CancellationToken stopped)
    {
        if (_certificate is null)
        {
            return plain;
        }

        SslStream secure = new(plain);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, stopped);
        return secure;
    }

    private static async Task<StubRequest?> ReadAsync(Stream stream, CancellationToken stopped)
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (!EndsWithBlankLine(head))
        {
            if (await stream.ReadAsync(one, stopped) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        string[] lines = Encoding.Latin1.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] first = lines[0].Split(' ');
        List<KeyValuePair<string, string>> headers = [.. lines.Skip(1)
            .Select(l => l.Split(':', 2)).Select(p => KeyValuePair.Create(p[0], p[1].Trim()))];
        StubRequest request = new(first[0], first[1], headers, []);
        if (request.Header("Expect") is not null)
        {
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), stopped);
        }

        if (request.Header("Content-Length") is { } length)
        {
            byte[] body = new byte[int.Parse(length, CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(body, stopped);
            return request with { Body = body };
        }

        return request.Header("Transfer-Encoding") is null ? request : request with { Body = await ReadChunksAsync(stream, stopped) };
    }

    private static async Task<byte[]> ReadChunksAsync(Stream stream, CancellationToken stopped)
    {
        using MemoryStream body = new();
        while (true)
        {
            int size = int.Parse(await ReadLineAsync(stream, stopped), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            byte[] chunk = new byte[size];
            await stream.ReadExactlyAsync(chunk, stopped);
            body.Write(chunk);
            await ReadLineAsync(stream, stopped);
            if (size == 0)
            {
                return body.ToArray();
            }
        }
    }

    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken stopped)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        do
        {
            await stream.ReadExactlyAsync(one, stopped);
            line.Append((char)one[0]);
        }
        while (one[0] != '\n');
        return line.ToString().TrimEnd();
    }

    private static bool EndsWithBlankLine(List<byte> head) =>
        head is [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'];

    private sealed class ResetException : Exception;
}
