using System.Globalization;
using System.Text;

namespace Sidecars.EndToEnd.Wire;

/// <summary>An HTTP/1.1 request as it goes over the socket: nothing is added but what stands here.</summary>
public sealed record HttpRequestText(string Method, string Target)
{
    /// <summary>The header lines, in order, duplicates allowed. Host and Content-Length are added unless told otherwise.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public byte[]? Body { get; init; }

    /// <summary>Sends the body as chunks of this many bytes, with Transfer-Encoding; 0 sends it with Content-Length.</summary>
    public int ChunkSize { get; init; }

    public bool WithoutHost { get; init; }

    public bool WithoutLength { get; init; }

    public static HttpRequestText Get(string target) => new("GET", target);

    public static HttpRequestText Post(string target) => new("POST", target);

    /// <summary>A POST with <c>Content-Type: application/json</c>.</summary>
    public static HttpRequestText PostJson(string target, string json) =>
        Post(target).With("Content-Type", "application/json").WithBody(json);

    public HttpRequestText With(string name, string value) =>
        this with { Headers = [.. Headers, KeyValuePair.Create(name, value)] };

    public HttpRequestText WithBody(string text) => WithBody(Encoding.UTF8.GetBytes(text));

    public HttpRequestText WithBody(params byte[] body) => this with { Body = body };

    public HttpRequestText Chunked(int size) => this with { ChunkSize = size };

    /// <summary>The request line and headers.</summary>
    public byte[] Head(string host)
    {
        StringBuilder head = new();
        head.Append(Method).Append(' ').Append(Target).Append(" HTTP/1.1\r\n");
        if (!WithoutHost)
        {
            head.Append("Host: ").Append(host).Append("\r\n");
        }

        foreach ((string name, string value) in Headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        if (ChunkSize > 0)
        {
            head.Append("Transfer-Encoding: chunked\r\n");
        }
        else if (!WithoutLength && (Body is not null || Method is "POST" or "PUT"))
        {
            head.Append("Content-Length: ").Append(Body?.Length ?? 0).Append("\r\n");
        }

        return Encoding.Latin1.GetBytes(head.Append("\r\n").ToString());
    }

    /// <summary>The body in its framing.</summary>
    public byte[] FramedBody()
    {
        if (ChunkSize == 0)
        {
            return Body ?? [];
        }

        using MemoryStream framed = new();
        byte[] body = Body ?? [];
        for (int at = 0; at < body.Length; at += ChunkSize)
        {
            int count = Math.Min(ChunkSize, body.Length - at);
            framed.Write(Encoding.ASCII.GetBytes(count.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            framed.Write(body, at, count);
            framed.Write("\r\n"u8);
        }

        framed.Write("0\r\n\r\n"u8);
        return framed.ToArray();
    }

    public override string ToString() =>
        Encoding.Latin1.GetString(Head("<host>")) + WireText.Show(Body ?? []);
}
