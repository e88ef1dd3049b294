using System.Buffers.Binary;
using System.Text;

namespace Sidecars.Protocol;

/// <summary>Writes protobuf fields. Default values are left out, as proto3 does.</summary>
internal static class ProtoWriter
{
    public static void Tag(PooledBuffer to, int field, int wireType) => Varint(to, (ulong)((field << 3) | wireType));

    public static void Varint(PooledBuffer to, ulong value)
    {
        Span<byte> room = to.GetSpan(10);
        int length = 0;
        while (value >= 0x80)
        {
            room[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[length++] = (byte)value;
        to.Advance(length);
    }

    public static void String(PooledBuffer to, int field, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            Tag(to, field, ProtoReader.Bytes);
            int length = Encoding.UTF8.GetByteCount(text);
            Varint(to, (ulong)length);
            to.Advance(Encoding.UTF8.GetBytes(text, to.GetSpan(length)));
        }
    }

    public static void Bytes(PooledBuffer to, int field, ReadOnlySpan<byte> bytes)
    {
        Tag(to, field, ProtoReader.Bytes);
        Varint(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    /// <summary>Writes a nested message whose length is known only afterwards.</summary>
    public static void Message<TState>(PooledBuffer to, int field, TState state, Action<PooledBuffer, TState> write)
        where TState : allows ref struct
    {
        Tag(to, field, ProtoReader.Bytes);
        using var nested = new PooledBuffer(256);
        write(nested, state);
        Varint(to, (ulong)nested.Length);
        to.Write(nested.WrittenSpan);
    }

    /// <summary>A map&lt;string, InferParameter&gt;.</summary>
    public static void Parameters(PooledBuffer to, int field, IReadOnlyDictionary<string, object>? parameters, long binarySize = -1)
    {
        if (parameters is not null)
        {
            foreach (KeyValuePair<string, object> parameter in parameters)
            {
                Message(to, field, parameter, static (entry, p) =>
                {
                    String(entry, 1, p.Key);
                    Message(entry, 2, p, static (value, p) => Parameter(value, p.Key, p.Value));
                });
            }
        }

        if (binarySize >= 0)
        {
            Message(to, field, binarySize, static (entry, size) =>
            {
                String(entry, 1, "binary_data_size");
                Message(entry, 2, size, static (value, size) => Parameter(value, "binary_data_size", size));
            });
        }
    }

    private static void Parameter(PooledBuffer to, string name, object value)
    {
        switch (value)
        {
            case bool b:
                Tag(to, 1, ProtoReader.Varint);
                Varint(to, b ? 1u : 0u);
                break;
            case int or long:
                Tag(to, 2, ProtoReader.Varint);
                Varint(to, (ulong)Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case System.Text.Json.JsonElement e:
                // gRPC has no objects: whoever reads it there finds the text of one.
                Parameter(to, name, e.GetRawText());
                break;
            case string s:
                // Present even when empty: it is the one of the oneof.
                Tag(to, 3, ProtoReader.Bytes);
                Varint(to, (ulong)Encoding.UTF8.GetByteCount(s));
                to.Advance(Encoding.UTF8.GetBytes(s, to.GetSpan(Encoding.UTF8.GetByteCount(s))));
                break;
            case float or double:
                Tag(to, 4, ProtoReader.Fixed64);
                BinaryPrimitives.WriteDoubleLittleEndian(to.GetSpan(8), Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture));
                to.Advance(8);
                break;
            case ulong u:
                Tag(to, 5, ProtoReader.Varint);
                Varint(to, u);
                break;
            default:
                throw new ArgumentException($"Parameter '{name}' is a {value.GetType().Name}; numbers, booleans and strings are possible.");
        }
    }
}
