using System.Buffers;

namespace Sidecars.Telemetry;

/// <summary>One stream of the <see cref="LogSink"/> with its two buffers: lines are added to one while the other is
/// being written. Everything but <see cref="WriteOut"/> happens under the sink's lock.</summary>
internal sealed class LogLane(Stream stream, int capacity)
{
    private const int InitialCapacity = 32 * 1024;

    private ArrayBufferWriter<byte> _filling = new(InitialCapacity);
    private ArrayBufferWriter<byte> _writing = new(InitialCapacity);

    public int Pending => _filling.WrittenCount;

    /// <summary>Lines given up since the last one that found room.</summary>
    public long Dropped { get; set; }

    public bool HalfFull => Pending > capacity / 2;

    /// <summary>A line longer than the whole buffer has room in an empty one.</summary>
    public bool HasRoomFor(int length) => Pending == 0 || Pending + length <= capacity;

    public void Add(ReadOnlySpan<byte> line) => _filling.Write(line);

    /// <summary>Hands what was added over to <see cref="WriteOut"/>.</summary>
    public void Swap() => (_filling, _writing) = (_writing, _filling);

    public void WriteOut()
    {
        if (_writing.WrittenCount == 0)
        {
            return;
        }

        try
        {
            stream.Write(_writing.WrittenSpan);
            stream.Flush();
        }
        catch (Exception)
        {
            // Nobody reads the stream any more, there is no other place to say so, and it is no reason to end the
            // process, which an exception on the log's own thread would do.
        }

        _writing.ResetWrittenCount();
    }
}
