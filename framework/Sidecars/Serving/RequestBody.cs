using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Sidecars.Serving;

/// <summary>Reads a request's body into one pooled array.</summary>
internal static class RequestBody
{
    // Memory follows the bytes that really came, not what a Content-Length promises.
    private const int FirstRent = 1 << 20;

    public static async ValueTask<(byte[] Array, int Length)> ReadAsync(HttpContext http, CancellationToken cancellation)
    {
        long announced = http.Request.ContentLength ?? 0;
        byte[] array = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(announced, 1024, FirstRent));
        int length = 0;
        try
        {
            PipeReader reader = http.Request.BodyReader;
            while (true)
            {
                ReadResult result = await reader.ReadAsync(cancellation).ConfigureAwait(false);
                ReadOnlySequence<byte> buffer = result.Buffer;
                int more = checked((int)buffer.Length);
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
                case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                    throw new InferenceException(
                        ErrorKind.PayloadTooLarge, "The request body is larger than the limit (--max_request_body_size).", e);
                case BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout }:
                    throw new InferenceException(ErrorKind.RequestTimeout, "The request body came too slowly.", e);
                case BadHttpRequestException:
                    throw InferenceException.InvalidInput("The request body is incomplete or malformed.");
                default:
                    throw;
            }
        }
    }

    private static byte[] Grow(byte[] array, int length, int more, long announced)
    {
        long wanted = Math.Max((long)array.Length * 2, (long)length + more);
        if (announced > length + more)
        {
            wanted = Math.Min(wanted, announced);
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(checked((int)Math.Max(wanted, (long)length + more)));
        array.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(array);
        return larger;
    }
}
