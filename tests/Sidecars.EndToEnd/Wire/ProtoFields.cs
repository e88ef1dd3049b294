using System.Text;

namespace Sidecars.EndToEnd.Wire;

/// <summary>The fields of a protobuf message as they stand in its bytes.</summary>
public sealed class ProtoFields
{
    private readonly List<(int Field, ulong Number, byte[]? Bytes)> _fields = [];

    public ProtoFields(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            ulong tag = Varint(bytes, ref at);
            int field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    _fields.Add((field, Varint(bytes, ref at), null));
                    break;
                case 1:
                    _fields.Add((field, BitConverter.ToUInt64(bytes[at..]), bytes.Slice(at, 8).ToArray()));
                    at += 8;
                    break;
                case 2:
                    int length = checked((int)Varint(bytes, ref at));
                    _fields.Add((field, 0, bytes.Slice(at, length).ToArray()));
                    at += length;
                    break;
                case 5:
                    _fields.Add((field, BitConverter.ToUInt32(bytes[at..]), bytes.Slice(at, 4).ToArray()));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} of field {field}.");
            }
        }
    }

    public bool Has(int field) => _fields.Any(f => f.Field == field);

    public ulong Number(int field) => _fields.LastOrDefault(f => f.Field == field).Number;

    public bool Flag(int field) => Number(field) != 0;

    public string Text(int field) => Encoding.UTF8.GetString(_fields.LastOrDefault(f => f.Field == field).Bytes ?? []);

    public IReadOnlyList<byte[]> All(int field) => [.. _fields.Where(f => f.Field == field).Select(f => f.Bytes ?? [])];

    public IReadOnlyList<string> Texts(int field) => [.. All(field).Select(Encoding.UTF8.GetString)];

    public IReadOnlyList<ProtoFields> Messages(int field) => [.. All(field).Select(b => new ProtoFields(b))];

    /// <summary>Repeated varints, packed or one by one.</summary>
    public IReadOnlyList<ulong> Numbers(int field)
    {
        List<ulong> numbers = [];
        foreach ((int _, ulong number, byte[]? bytes) in _fields.Where(f => f.Field == field))
        {
            if (bytes is null)
            {
                numbers.Add(number);
                continue;
            }

            for (int at = 0; at < bytes.Length;)
            {
                numbers.Add(Varint(bytes, ref at));
            }
        }

        return numbers;
    }

    /// <summary>Repeated fixed-width values, packed or one by one: their bytes one after the other.</summary>
    public byte[] Fixed(int field) => [.. All(field).SelectMany(b => b)];

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
