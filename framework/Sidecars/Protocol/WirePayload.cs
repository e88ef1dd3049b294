namespace Sidecars.Protocol;

/// <summary>
/// A payload as it goes onto the wire: runs of bytes one after another, so that large tensors are sent from where they
/// lie.
/// </summary>
internal sealed class WirePayload : IDisposable
{
    private readonly PooledBuffer? _head;

    /// <summary>One run of bytes that somebody else owns.</summary>
    public WirePayload(ReadOnlyMemory<byte> body, string? contentType, int jsonLength = -1)
    {
        Segments = [body];
        Length = body.Length;
        ContentType = contentType;
        JsonLength = jsonLength;
    }

    /// <summary>Written bytes with tensors between them.</summary>
    /// <param name="head">What was written; disposed with this.</param>
    /// <param name="inserts">Where in it which bytes go; null for none.</param>
    /// <param name="contentType">The media type.</param>
    /// <param name="jsonLength">How many of the bytes are the JSON before binary tensors; -1 for none.</param>
    public WirePayload(
        PooledBuffer head, List<(int At, ReadOnlyMemory<byte> Bytes)>? inserts, string? contentType, int jsonLength = -1)
    {
        _head = head;
        ContentType = contentType;
        JsonLength = jsonLength;
        if (inserts is null)
        {
            Segments = [head.WrittenMemory];
            Length = head.Length;
            return;
        }

        var segments = new List<ReadOnlyMemory<byte>>((inserts.Count * 2) + 1);
        int from = 0;
        Length = head.Length;
        foreach ((int at, ReadOnlyMemory<byte> bytes) in inserts)
        {
            if (at > from)
            {
                segments.Add(head.WrittenMemory[from..at]);
                from = at;
            }

            segments.Add(bytes);
            Length += bytes.Length;
        }

        if (from < head.Length)
        {
            segments.Add(head.WrittenMemory[from..]);
        }

        Segments = segments;
    }

    public IReadOnlyList<ReadOnlyMemory<byte>> Segments { get; }

    public long Length { get; }

    public string? ContentType { get; }

    /// <summary>The value of Inference-Header-Content-Length; -1 for no such header.</summary>
    public int JsonLength { get; }

    /// <summary>What else ends when this payload has been sent.</summary>
    public IDisposable? Also { get; set; }

    public void Dispose()
    {
        _head?.Dispose();
        Also?.Dispose();
    }
}
