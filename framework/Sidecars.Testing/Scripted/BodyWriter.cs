using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Sidecars.Testing.Scripted;

/// <summary>Writes bodies whole, in parts, or not to the end.</summary>
internal sealed class BodyWriter(HttpContext http, CancellationToken cancellation)
{
    private static readonly byte[] s_garbage = [0x00, 0xFF, 0x7B, 0x3C, 0x68, 0x74, 0x6D, 0x6C, 0x3E];

    public static async Task<byte[]> ReadAllAsync(Stream body, CancellationToken cancellation)
    {
        using var all = new MemoryStream();
        await body.CopyToAsync(all, cancellation).ConfigureAwait(false);
        return all.ToArray();
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> body, int chunks)
    {
        PipeWriter to = http.Response.BodyWriter;
        int size = Math.Max((body.Length + chunks - 1) / chunks, 1);
        for (int at = 0; at < body.Length; at += size)
        {
            await to.WriteAsync(body.Slice(at, Math.Min(size, body.Length - at)), cancellation).ConfigureAwait(false);
            await to.FlushAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Breaks in the way that was asked for.</summary>
    /// <param name="fault">The way.</param>
    /// <param name="beginning">How a good answer would begin.</param>
    public async Task BreakAsync(PredictorFault fault, byte[] beginning)
    {
        switch (fault)
        {
            case PredictorFault.ConnectionReset:
                http.Abort();
                break;
            case PredictorFault.NoAnswer:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
                break;
            case PredictorFault.GarbageBody:
                await WriteAsync(s_garbage, 1).ConfigureAwait(false);
                break;
            case PredictorFault.TruncatedBody:
                await WriteAsync(beginning, 1).ConfigureAwait(false);
                http.Abort();
                break;
            default:
                await WriteAsync(beginning, 1).ConfigureAwait(false);
                byte[] more = new byte[16 << 10];
                Array.Fill(more, (byte)' ');
                while (true)
                {
                    await WriteAsync(more, 1).ConfigureAwait(false);
                }
        }
    }
}
