using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Sidecars.Protocol;

/// <summary>Walks the fields of a protobuf message where it lies. Positions are those of the whole buffer.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> buffer, int start, int end)
{
    public const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    private readonly ReadOnlySpan<byte> _buffer = buffer;
    private readonly int _end = end;
    private int _at = start;

    public readonly bool AtEnd => _at >= _end;

    /// <summary>The next field's number and wire type; false at the end.</summary>
    public bool Next(out int field, out int wireType)
    {
        if (_at >= _end)
        {
            field = wireType = 0;
            return false;
        }

        ulong tag = ReadVarint();
        field = (int)(tag >> 3);
        wireType = (int)(tag & 7);
        return tag is > 0 and <= uint.MaxValue && field > 0 ? true : throw Malformed();
    }

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (_at >= _end)
            {
                throw Malformed();
            }

            byte b = _buffer[_at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw Malformed();
    }

    /// <summary>Where the content of a length-delimited field lies; this reader moves behind it.</summary>
    public (int Start, int End) ReadRange()
    {
        ulong length = ReadVarint();
        if (length > (ulong)(_end - _at))
        {
            throw Malformed();
        }

        int start = _at;
        _at += (int)length;
        return (start, _at);
    }

    public ReadOnlySpan<byte> ReadBytes()
    {
        (int start, int end) = ReadRange();
        return _buffer[start..end];
    }

    public string ReadString()
    {
        ReadOnlySpan<byte> bytes = ReadBytes();
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Malformed();
    }

    public ReadOnlySpan<byte> ReadFixed(int size)
    {
        if (_end - _at < size)
        {
            throw Malformed();
        }

        ReadOnlySpan<byte> bytes = _buffer.Slice(_at, size);
        _at += size;
        return bytes;
    }

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(ReadFixed(8));

    public ProtoReader Message()
    {
        (int start, int end) = ReadRange();
        return new ProtoReader(_buffer, start, end);
    }

    /// <summary>Passes over a field this version does not know.</summary>
    public void Skip(int wireType)
    {
        switch (wireType)
        {
            case Varint: ReadVarint(); break;
            case Fixed64: ReadFixed(8); break;
            case Bytes: ReadRange(); break;
            case Fixed32: ReadFixed(4); break;
            default: throw Malformed();
        }
    }

    /// <summary>A known field with the wrong wire type: the sender has another idea of the message.</summary>
    public static void Expect(int wireType, int expected)
    {
        if (wireType != expected)
        {
            throw Malformed();
        }
    }

    public static InferenceException Malformed() =>
        InferenceException.InvalidInput("the message is not a well-formed protobuf message of this call");
}
