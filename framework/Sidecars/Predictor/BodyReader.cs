using System.Buffers;

namespace Sidecars.Predictor;

/// <summary>Reads an answer's body into one pooled array.</summary>
internal static class BodyReader
{
    public static async ValueTask<(byte[] Array, int Length)> ReadAsync(
        HttpContent content, long maxSize, CancellationToken cancellation)
    {
        long? announced = content.Headers.ContentLength;
        if (announced > maxSize || announced > Array.MaxLength)
        {
            throw TooLarge(maxSize);
        }

        byte[] array = ArrayPool<byte>.Shared.Rent((int)Math.Max(announced ?? 4096, 1));
        int length = 0;
        try
        {
            await using Stream stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            while (true)
            {
                int read = await stream.ReadAsync(array.AsMemory(length), cancellation).ConfigureAwait(false);
                length += read;
                if (read == 0 || length == announced)
                {
                    return (array, length);
                }

                if (length > maxSize || length == Array.MaxLength)
                {
                    throw TooLarge(maxSize);
                }

                if (length == array.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(array.Length * 2L, Array.MaxLength));
                    array.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(array);
                    array = larger;
                }
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(array);
            throw;
        }
    }

    private static InferenceException TooLarge(long maxSize) =>
        new(ErrorKind.PredictorBody, $"The predictor's answer is larger than {maxSize} bytes.");
}
