using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sidecars.Protocol;

/// <summary>InferTensorContents: the typed form of a tensor's elements, one repeated field per family of datatypes.</summary>
internal static class GrpcContents
{
    private const int Bool = 1, Int = 2, Int64 = 3, UInt = 4, UInt64 = 5, Single = 6, Double = 7, ByteStrings = 8;

    private static int Field(Datatype datatype) => datatype switch
    {
        Datatype.BOOL => Bool,
        Datatype.INT8 or Datatype.INT16 or Datatype.INT32 => Int,
        Datatype.INT64 => Int64,
        Datatype.UINT8 or Datatype.UINT16 or Datatype.UINT32 => UInt,
        Datatype.UINT64 => UInt64,
        Datatype.FP32 => Single,
        Datatype.FP64 => Double,
        Datatype.BYTES => ByteStrings,
        _ => 0,
    };

    private static readonly string[] s_names =
        ["", "bool_contents", "int_contents", "int64_contents", "uint_contents", "uint64_contents", "fp32_contents", "fp64_contents", "bytes_contents"];

    /// <summary>Brings the elements into wire form. Packed floats are that already and stay where they are.</summary>
    public static Memory<byte> Read(InferMessage message, string role, GrpcTensor tensor, Datatype datatype)
    {
        int count = Shapes.CheckedCount(role, tensor.Name, tensor.Shape);
        int wanted = Field(datatype);
        if (wanted == 0)
        {
            return count == 0 ? default : throw InferenceException.InvalidInput(
                $"{role} '{tensor.Name}' has datatype {datatype.Name()}, which only raw_{role}_contents can carry");
        }

        ReadOnlySpan<byte> body = message.Body.Span;
        Memory<byte> view = default;
        PooledBuffer? buffer = null;
        int found = 0;
        foreach ((int start, int end) in tensor.Contents ?? [])
        {
            var reader = new ProtoReader(body, start, end);
            while (reader.Next(out int field, out int wireType))
            {
                if (field is < Bool or > ByteStrings)
                {
                    reader.Skip(wireType);
                    continue;
                }

                if (field != wanted)
                {
                    throw InferenceException.InvalidInput(
                        $"{role} '{tensor.Name}' has datatype {datatype.Name()}, whose elements go into {s_names[wanted]}, not {s_names[field]}");
                }

                if (wireType == ProtoReader.Bytes && datatype is Datatype.FP32 or Datatype.FP64 && wireType == ProtoReader.Bytes)
                {
                    (int from, int to) = reader.ReadRange();
                    if ((to - from) % datatype.Size() != 0)
                    {
                        throw ProtoReader.Malformed();
                    }

                    found += (to - from) / datatype.Size();
                    if (view.IsEmpty && buffer is null)
                    {
                        view = MemoryMarshal.AsMemory(message.Body)[from..to];
                    }
                    else
                    {
                        Buffer(message, ref buffer, ref view).Write(body[from..to]);
                    }
                }
                else
                {
                    found += ReadElements(ref reader, wireType, datatype, tensor.Name, role, Buffer(message, ref buffer, ref view));
                }
            }
        }

        if (found != count)
        {
            throw InferenceException.InvalidInput(
                $"{role} '{tensor.Name}' has shape [{Shapes.Text(tensor.Shape)}] of {count} elements, its {s_names[wanted]} has {found}");
        }

        return buffer is null ? view : buffer.WrittenMemory;
    }

    public static void Write(PooledBuffer to, Tensor tensor)
    {
        ReadOnlySpan<byte> data = tensor.Data.Span;
        switch (tensor.Datatype)
        {
            case Datatype.FP32: ProtoWriter.Bytes(to, Single, data); break;
            case Datatype.FP64: ProtoWriter.Bytes(to, Double, data); break;
            case Datatype.BYTES:
                int at = 0;
                for (int i = 0; i < tensor.Count; i++)
                {
                    ProtoWriter.Bytes(to, ByteStrings, BytesElements.Next(tensor.Data, ref at).Span);
                }

                break;
            default:
                ProtoWriter.Message(to, Field(tensor.Datatype), tensor, static (packed, t) => WriteVarints(packed, t));
                break;
        }
    }

    private static PooledBuffer Buffer(InferMessage message, ref PooledBuffer? buffer, ref Memory<byte> view)
    {
        if (buffer is null)
        {
            buffer = message.Own(new PooledBuffer());
            buffer.Write(view.Span);
            view = default;
        }

        return buffer;
    }

    private static int ReadElements(
        ref ProtoReader reader, int wireType, Datatype datatype, string name, string role, PooledBuffer to)
    {
        if (datatype == Datatype.BYTES)
        {
            ProtoReader.Expect(wireType, ProtoReader.Bytes);
            BytesElements.Append(to, reader.ReadBytes());
            return 1;
        }

        if (datatype is Datatype.FP32 or Datatype.FP64)
        {
            ProtoReader.Expect(wireType, datatype == Datatype.FP32 ? ProtoReader.Fixed32 : ProtoReader.Fixed64);
            to.Write(reader.ReadFixed(datatype.Size()));
            return 1;
        }

        if (wireType == ProtoReader.Varint)
        {
            WriteInteger(to, reader.ReadVarint(), datatype, name, role);
            return 1;
        }

        ProtoReader.Expect(wireType, ProtoReader.Bytes);
        ProtoReader packed = reader.Message();
        int count = 0;
        while (!packed.AtEnd)
        {
            WriteInteger(to, packed.ReadVarint(), datatype, name, role);
            count++;
        }

        return count;
    }

    private static void WriteInteger(PooledBuffer to, ulong value, Datatype datatype, string name, string role)
    {
        bool fits = datatype switch
        {
            Datatype.INT8 => (long)value is >= sbyte.MinValue and <= sbyte.MaxValue,
            Datatype.INT16 => (long)value is >= short.MinValue and <= short.MaxValue,
            Datatype.INT32 => (long)value is >= int.MinValue and <= int.MaxValue,
            Datatype.UINT8 => value <= byte.MaxValue,
            Datatype.UINT16 => value <= ushort.MaxValue,
            Datatype.UINT32 => value <= uint.MaxValue,
            _ => true,
        };
        if (!fits)
        {
            throw InferenceException.InvalidInput(
                $"{role} '{name}': {(datatype is Datatype.UINT8 or Datatype.UINT16 or Datatype.UINT32 ? value : (long)value)} is out of range for {datatype.Name()}");
        }

        if (datatype == Datatype.BOOL)
        {
            value = value != 0 ? 1u : 0u;
        }

        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        to.Write(bytes[..datatype.Size()]);
    }

    private static void WriteVarints(PooledBuffer to, Tensor tensor)
    {
        ReadOnlySpan<byte> data = tensor.Data.Span;
        for (int i = 0; i < tensor.Count; i++)
        {
            ulong value = tensor.Datatype switch
            {
                Datatype.BOOL => data[i] != 0 ? 1u : 0u,
                Datatype.UINT8 => data[i],
                Datatype.INT8 => (ulong)(sbyte)data[i],
                Datatype.INT16 => (ulong)MemoryMarshal.Cast<byte, short>(data)[i],
                Datatype.UINT16 => MemoryMarshal.Cast<byte, ushort>(data)[i],
                Datatype.INT32 => (ulong)MemoryMarshal.Cast<byte, int>(data)[i],
                Datatype.UINT32 => MemoryMarshal.Cast<byte, uint>(data)[i],
                _ => MemoryMarshal.Cast<byte, ulong>(data)[i],
            };
            ProtoWriter.Varint(to, value);
        }
    }
}
