using System.Buffers;

namespace Sidecars.Predictor;

/// <summary>
/// Reads server-sent events as they come, however the network cut them up: lines end in LF, CR or CRLF, an empty line
/// ends an event, several data lines are one text, comments and fields other than data say nothing to us.
/// </summary>
/// <param name="stream">The body; it stays the caller's.</param>
/// <param name="maxEvent">The most bytes one event may have, its field names included.</param>
internal sealed class SseReader(Stream stream, int maxEvent) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _data = new();
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int _start, _scanned, _end;
    private int _eventLength;
    private bool _hasData, _afterCr, _begun, _ended;

    /// <summary>The next event's data, valid until the next call; null when the stream has ended.</summary>
    /// <exception cref="InferenceException">An event is larger than allowed.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellation)
    {
        _data.ResetWrittenCount();
        _hasData = false;
        _eventLength = 0;
        while (true)
        {
            while (TryTakeLine(out ReadOnlySpan<byte> line))
            {
                if (!line.IsEmpty)
                {
                    TakeField(line);
                }
                else if (_data.WrittenCount > 0)
                {
                    return _data.WrittenMemory;
                }
                else
                {
                    _hasData = false;
                    _eventLength = 0;
                }
            }

            if (_ended)
            {
                // A last event that no empty line closes counts: a server that broke off inside it left no whole JSON.
                TakeField(Buffer.AsSpan(_start.._end));
                _start = _scanned = _end;
                return _data.WrittenCount > 0 ? _data.WrittenMemory : (ReadOnlyMemory<byte>?)null;
            }

            await FillAsync(cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(SseReader));

    private bool TryTakeLine(out ReadOnlySpan<byte> line)
    {
        byte[] buffer = Buffer;
        if (_afterCr && _start < _end)
        {
            // A CR ended the line at once; waiting for a LF that may not come would hold the event back.
            _afterCr = false;
            if (buffer[_start] == (byte)'\n')
            {
                _scanned = ++_start;
            }
        }

        int at = buffer.AsSpan(_scanned.._end).IndexOfAny((byte)'\n', (byte)'\r');
        if (at < 0)
        {
            _scanned = _end;
            line = default;
            return false;
        }

        at += _scanned;
        line = buffer.AsSpan(_start..at);
        _afterCr = buffer[at] == (byte)'\r';
        _start = _scanned = at + 1;
        if (!_begun)
        {
            _begun = true;
            line = line.StartsWith("\uFEFF"u8) ? line[3..] : line;
        }

        return true;
    }

    private void TakeField(ReadOnlySpan<byte> line)
    {
        _eventLength += line.Length;
        CheckSize(_eventLength);
        int colon = line.IndexOf((byte)':');
        if (!(colon < 0 ? line : line[..colon]).SequenceEqual("data"u8))
        {
            return;
        }

        ReadOnlySpan<byte> value = colon < 0 ? default : line[(colon + 1)..];
        if (_hasData)
        {
            _data.Write("\n"u8);
        }

        _hasData = true;
        _data.Write(value.StartsWith(" "u8) ? value[1..] : value);
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        byte[] buffer = Buffer;
        if (_start > 0)
        {
            buffer.AsSpan(_start.._end).CopyTo(buffer);
            _end -= _start;
            _scanned -= _start;
            _start = 0;
        }

        if (_end == buffer.Length)
        {
            CheckSize(_eventLength + _end);
            byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.CopyTo(larger, 0);
            _buffer = larger;
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        int read = await stream.ReadAsync(buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
        _end += read;
        _ended = read == 0;
    }

    private void CheckSize(int length)
    {
        if (length > maxEvent)
        {
            throw new InferenceException(ErrorKind.PredictorBody, $"The predictor sent an event larger than {maxEvent} bytes.");
        }
    }
}
