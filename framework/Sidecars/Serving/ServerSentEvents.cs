using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>
/// The form of server-sent events: a name, then the data line by line, then an empty line. A reader puts a line feed
/// between the lines, whichever way they ended; nothing else about the data changes.
/// </summary>
internal static class ServerSentEvents
{
    /// <summary>Sets the answer's status and headers.</summary>
    public static void WriteHead(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = MediaTypes.EventStream;

        // Not no-store: Chromium then tells its tools that a stream was aborted which the page has read to its end.
        response.Headers.CacheControl = "no-cache";

        // Proxies that gather answers before they pass them on take this as a wish not to.
        response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Writes an event whose data are UTF-8 text in one or several runs.</summary>
    /// <returns>False when the data are no UTF-8: events cannot carry them.</returns>
    public static bool TryWrite(PooledBuffer to, ReadOnlySpan<byte> name, IReadOnlyList<ReadOnlyMemory<byte>> data)
    {
        int start = to.Length;
        to.Write("event: "u8);
        to.Write(name);
        to.Write("\ndata: "u8);
        bool afterReturn = false;
        foreach (ReadOnlyMemory<byte> run in data)
        {
            WriteLines(to, run.Span, ref afterReturn);
        }

        to.Write("\n\n"u8);
        return Utf8.IsValid(to.WrittenSpan[start..]);
    }

    private static void WriteLines(PooledBuffer to, ReadOnlySpan<byte> text, ref bool afterReturn)
    {
        if (afterReturn && text is [(byte)'\n', ..])
        {
            text = text[1..];
        }

        afterReturn = false;
        while (text.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and int end)
        {
            to.Write(text[..end]);
            to.Write("\ndata: "u8);
            bool pair = text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n';
            afterReturn = text[end] == '\r' && end + 1 == text.Length;
            text = text[(end + (pair ? 2 : 1))..];
        }

        to.Write(text);
    }
}
