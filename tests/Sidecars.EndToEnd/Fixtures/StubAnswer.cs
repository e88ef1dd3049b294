using System.Globalization;
using System.Text;

namespace Sidecars.EndToEnd.Fixtures;

/// <summary>
/// How the scripted predictor answers one request: it writes to the stream, and returns whether the connection may
/// serve another request. A null from a script means the fixture's own answer.
/// </summary>
public delegate Task<bool> StubAnswer(Stream stream, CancellationToken stopped);

/// <summary>The answers a predictor may give, good and bad.</summary>
public static class StubAnswers
{
    public static StubAnswer Json(int status, string json, params string[] headers) =>
        Whole(status, Encoding.UTF8.GetBytes(json), ["Content-Type: application/json", .. headers]);

    public static StubAnswer Whole(int status, byte[] body, params string[] headers) => async (stream, stopped) =>
    {
        await stream.WriteAsync(Head(status, [$"Content-Length: {body.Length}", .. headers]), stopped);
        await stream.WriteAsync(body, stopped);
        return true;
    };

    public static StubAnswer Chunked(string contentType, params string[] chunks) => async (stream, stopped) =>
    {
        await stream.WriteAsync(Head(200, ["Transfer-Encoding: chunked", "Content-Type: " + contentType]), stopped);
        foreach (string chunk in chunks)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(chunk);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), stopped);
            await stream.WriteAsync(bytes, stopped);
            await stream.WriteAsync("\r\n"u8.ToArray(), stopped);
        }

        await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), stopped);
        return true;
    };

    /// <summary>A body that ends with the connection, as HTTP/1.0 servers send it.</summary>
    public static StubAnswer UntilClose(string json) => async (stream, stopped) =>
    {
        await stream.WriteAsync(Head(200, ["Content-Type: application/json", "Connection: close"]), stopped);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(json), stopped);
        return false;
    };

    /// <summary>Bytes that are no HTTP at all, then the end.</summary>
    public static StubAnswer Garbage => async (stream, stopped) =>
    {
        await stream.WriteAsync("\u0001\u0002 this is no HTTP\r\n\r\n"u8.ToArray(), stopped);
        return false;
    };

    /// <summary>A head that promises more than what comes.</summary>
    public static StubAnswer Truncated(string part) => async (stream, stopped) =>
    {
        await stream.WriteAsync(Head(200, ["Content-Type: application/json", $"Content-Length: {part.Length + 100}"]), stopped);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(part), stopped);
        return false;
    };

    /// <summary>Nothing, until the caller gives up or the stub ends.</summary>
    public static StubAnswer Hang => async (stream, stopped) =>
    {
        byte[] one = new byte[1];
        _ = await stream.ReadAsync(one, stopped);
        return false;
    };

    /// <summary>Nothing until released, then the fixture's V1 answer.</summary>
    public static StubAnswer After(Task released, StubAnswer then) => async (stream, stopped) =>
    {
        await released.WaitAsync(stopped);
        return await then(stream, stopped);
    };

    /// <summary>A body without end, as fast as it is taken, but no more than <paramref name="most"/> bytes.</summary>
    public static StubAnswer Endless(long most) => async (stream, stopped) =>
    {
        await stream.WriteAsync(Head(200, ["Content-Type: application/json", "Connection: close"]), stopped);
        await stream.WriteAsync("{\"predictions\":[\""u8.ToArray(), stopped);
        byte[] block = new byte[1 << 20];
        Array.Fill(block, (byte)'a');
        for (long sent = 0; sent < most; sent += block.Length)
        {
            await stream.WriteAsync(block, stopped);
        }

        return false;
    };

    public static byte[] Head(int status, IEnumerable<string> headers) =>
        Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Stub\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n");
}
