using System.Net;
using System.Threading.Channels;

namespace Sidecars.EndToEnd.Wire;

/// <summary>A request body written piece by piece while the answer is read: for streaming calls and broken ones.</summary>
internal sealed class PushContent : HttpContent
{
    private readonly Channel<byte[]> _pieces = Channel.CreateUnbounded<byte[]>();

    public void Push(byte[] piece) => _pieces.Writer.TryWrite(piece);

    public void Finish() => _pieces.Writer.TryComplete();

    /// <summary>Ends the body with an error: HttpClient resets the stream.</summary>
    public void Break() => _pieces.Writer.TryComplete(new IOException("The test breaks its own request."));

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.FlushAsync();
        await foreach (byte[] piece in _pieces.Reader.ReadAllAsync())
        {
            await stream.WriteAsync(piece);
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
