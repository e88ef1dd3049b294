using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>Writes small JSON answers.</summary>
internal static class JsonAnswer
{
    public static Task WriteAsync(HttpContext http, int status, ReadOnlySpan<byte> json, string contentType = MediaTypes.Json)
    {
        HttpResponse response = http.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = json.Length;
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return Task.CompletedTask;
        }

        response.BodyWriter.Write(json);
        return Task.CompletedTask;
    }

    public static Task WriteAsync(HttpContext http, int status, Action<PooledBuffer> write)
    {
        using var buffer = new PooledBuffer();
        write(buffer);
        return WriteAsync(http, status, buffer.WrittenSpan);
    }

    /// <summary>KServe's form of an error: <c>{"error": "…"}</c>.</summary>
    public static Task WriteErrorAsync(HttpContext http, InferenceException e)
    {
        if (e.RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return WriteAsync(http, ErrorStatus.Http(e), buffer => WriteError(buffer, e));
    }

    public static void WriteError(PooledBuffer buffer, InferenceException e)
    {
        buffer.Write("{\"error\":"u8);
        JsonText.WriteString(buffer, e.Message.AsSpan());
        buffer.Write((byte)'}');
    }

    private static void Write(this System.IO.Pipelines.PipeWriter writer, ReadOnlySpan<byte> bytes) =>
        System.Buffers.BuffersExtensions.Write(writer, bytes);
}
