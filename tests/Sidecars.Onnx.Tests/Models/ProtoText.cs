using System.Text;

namespace Sidecars.Onnx.Tests.Models;

/// <summary>Writes protobuf fields by hand: enough of it to make small ONNX files.</summary>
internal sealed class ProtoText
{
    private readonly MemoryStream _bytes = new();

    public byte[] ToArray() => _bytes.ToArray();

    public ProtoText Int(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public ProtoText Float(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        _bytes.Write(BitConverter.GetBytes(value));
        return this;
    }

    public ProtoText Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public ProtoText Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoText Message(int field, ProtoText value) => Bytes(field, value.ToArray());

    /// <summary>Adds the fields of another message to this one.</summary>
    public ProtoText Append(ProtoText fields)
    {
        _bytes.Write(fields.ToArray());
        return this;
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.WriteByte((byte)(value | 0x80));
        }

        _bytes.WriteByte((byte)value);
    }
}
