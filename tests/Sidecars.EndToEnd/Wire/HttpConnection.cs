using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sidecars.EndToEnd.Wire;

/// <summary>One HTTP/1.1 connection over a plain socket, so that what goes out and what comes in is seen to the byte.</summary>
public sealed class HttpConnection : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    private HttpConnection(TcpClient client, int port)
    {
        _client = client;
        _stream = client.GetStream();
        Port = port;
    }

    public int Port { get; }

    public string Host => $"127.0.0.1:{Port}";

    public static async Task<HttpConnection> OpenAsync(int port, CancellationToken cancel)
    {
        TcpClient client = new() { NoDelay = true };
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancel);
            return new HttpConnection(client, port);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request and reads its answer. With <c>Expect: 100-continue</c> the body waits for the 100.</summary>
    public async Task<HttpAnswer> SendAsync(HttpRequestText request, CancellationToken cancel)
    {
        await WriteAsync(request.Head(Host), cancel);
        if (request.Headers.Any(h => h.Key.Equals("Expect", StringComparison.OrdinalIgnoreCase)))
        {
            HttpAnswer first = await ReadAsync(request.Method, cancel);
            if (first.Status != 100)
            {
                return first;
            }

            await WriteAsync(request.FramedBody(), cancel);
            return (await ReadAsync(request.Method, cancel)) with { SawContinue = true };
        }

        // The server may answer and close before it has read a large body: what it said still counts.
        Task writing = WriteAsync(request.FramedBody(), cancel);
        HttpAnswer answer = await ReadAsync(request.Method, cancel);
        try
        {
            await writing.WaitAsync(cancel);
        }
        catch (IOException)
        {
        }

        return answer;
    }

    public async Task WriteAsync(byte[] bytes, CancellationToken cancel) => await _stream.WriteAsync(bytes, cancel);

    /// <summary>Ends our sending side: the server sees the end of the stream.</summary>
    public void FinishSending() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Reads one answer, informational ones included.</summary>
    public async Task<HttpAnswer> ReadAsync(string method, CancellationToken cancel)
    {
        string statusLine = await ReadLineAsync(cancel);
        string[] parts = statusLine.Split(' ', 3);
        if (parts.Length < 2 || !parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            throw new IOException($"Not an HTTP/1.x status line: '{statusLine}'.");
        }

        int status = int.Parse(parts[1], CultureInfo.InvariantCulture);
        List<KeyValuePair<string, string>> headers = [];
        while (await ReadLineAsync(cancel) is { Length: > 0 } line)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add(KeyValuePair.Create(line[..colon], line[(colon + 1)..].Trim()));
        }

        HttpAnswer answer = new(status, headers, [], [], false);
        if (method == "HEAD" || status is >= 100 and < 200 or 204 or 304)
        {
            return answer;
        }

        if (answer.Header("Transfer-Encoding") is { } coding && coding.Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            List<byte[]> chunks = await ReadChunksAsync(cancel);
            return answer with { Body = [.. chunks.SelectMany(c => c)], Chunks = chunks };
        }

        byte[] body = answer.Header("Content-Length") is { } length
            ? await ReadExactlyAsync(int.Parse(length, CultureInfo.InvariantCulture), cancel)
            : await ReadToEndAsync(cancel);
        return answer with { Body = body };
    }

    /// <summary>Reads what comes next; nothing at the end.</summary>
    public async Task<byte[]> ReadSomeAsync(CancellationToken cancel)
    {
        byte[] buffer = new byte[4096];
        int read = await _stream.ReadAsync(buffer, cancel);
        return buffer[..read];
    }

    /// <summary>Reads whatever still comes until the server ends the connection; a reset counts as the end.</summary>
    public async Task<byte[]> ReadToEndAsync(CancellationToken cancel)
    {
        using MemoryStream all = new();
        try
        {
            while (_start < _end || await FillAsync(cancel))
            {
                all.Write(_buffer, _start, _end - _start);
                _start = _end;
            }
        }
        catch (IOException)
        {
        }

        return all.ToArray();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Closes with a reset instead of an orderly end.</summary>
    public void Reset()
    {
        _client.LingerState = new LingerOption(true, 0);
        _client.Close();
    }

    private async Task<List<byte[]>> ReadChunksAsync(CancellationToken cancel)
    {
        List<byte[]> chunks = [];
        while (true)
        {
            string line = await ReadLineAsync(cancel);
            int size = int.Parse(line.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                while (await ReadLineAsync(cancel) is { Length: > 0 })
                {
                }

                return chunks;
            }

            chunks.Add(await ReadExactlyAsync(size, cancel));
            await ReadLineAsync(cancel);
        }
    }

    private async Task<byte[]> ReadExactlyAsync(int count, CancellationToken cancel)
    {
        byte[] bytes = new byte[count];
        int at = 0;
        while (at < count)
        {
            if (_start == _end && !await FillAsync(cancel))
            {
                throw new IOException($"The connection ended after {at} of {count} body bytes.");
            }

            int take = Math.Min(count - at, _end - _start);
            _buffer.AsSpan(_start, take).CopyTo(bytes.AsSpan(at));
            _start += take;
            at += take;
        }

        return bytes;
    }

    private async Task<string> ReadLineAsync(CancellationToken cancel)
    {
        StringBuilder line = new();
        while (true)
        {
            if (_start == _end && !await FillAsync(cancel))
            {
                throw new IOException($"The connection ended within a line: '{line}'.");
            }

            char next = (char)_buffer[_start++];
            if (next == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(next);
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancel)
    {
        _start = 0;
        _end = 0;
        _end = await _stream.ReadAsync(_buffer, cancel);
        return _end > 0;
    }
}
