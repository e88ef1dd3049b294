using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sidecars.Serving;

/// <summary>Reads a request's body into one pooled array.</summary>
internal static class RequestBody
{
    // Memory follows the bytes that really came, not what a Content-Length promises.
    private const int FirstRent = 1 << 20;

    /// <param name="http">The request.</param>
    /// <param name="limit">The most bytes that are taken; the framing of chunks does not count.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async ValueTask<(byte[] Array, int Length)> ReadAsync(HttpContext http, long limit, CancellationToken cancellation)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            // The server would count the framing; and its refusal could not name the option.
            server.MaxRequestBodySize = null;
        }

        long announced = http.Request.ContentLength ?? 0;
        limit = Math.Min(limit, Array.MaxLength);
        if (announced > limit)
        {
            throw TooLarge(limit);
        }

        byte[] array = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(announced, 1024, FirstRent));
        int length = 0;
        try
        {
            PipeReader reader = http.Request.BodyReader;
            while (true)
            {
                ReadResult result = await reader.ReadAsync(cancellation).ConfigureAwait(false);
                ReadOnlySequence<byte> buffer = result.Buffer;
                if (length + buffer.Length > limit)
                {
                    throw TooLarge(limit);
                }

                int more = (int)buffer.Length;
                if (more > array.Length - length)
                {
                    array = Grow(array, length, more, announced);
                }

                buffer.CopyTo(array.AsSpan(length));
                length += more;
                reader.AdvanceTo(buffer.End);
                if (result.IsCompleted)
                {
                    return (array, length);
                }
            }
        }
        catch (Exception e)
        {
            ArrayPool<byte>.Shared.Return(array);
            switch (e)
            {
                case BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout }:
                    throw new InferenceException(ErrorKind.RequestTimeout, "The request body came too slowly.", e);
                case OperationCanceledException or InferenceException or ConnectionResetException or ConnectionAbortedException:
                    throw;
                default:
                    // Kestrel reports most bad framing as a bad request, and some of it as whatever its parser threw.
                    throw new InferenceException(ErrorKind.InvalidInput, "The request body is incomplete or malformed.", e);
            }
        }
    }

    private static InferenceException TooLarge(long limit) => new(
        ErrorKind.PayloadTooLarge, $"The request body is larger than {limit} bytes (--max_request_body_size).");

    private static byte[] Grow(byte[] array, int length, int more, long announced)
    {
        long wanted = Math.Clamp((long)array.Length * 2, (long)length + more, Array.MaxLength);
        if (announced > length + more)
        {
            wanted = Math.Min(wanted, announced);
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(wanted, (long)length + more));
        array.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(array);
        return larger;
    }
}
