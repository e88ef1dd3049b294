using System.Buffers.Binary;
using System.Text;

namespace Sidecars.Protocol;

/// <summary>The elements of BYTES tensors: each one's length, 4 bytes little-endian, then its bytes.</summary>
internal static class BytesElements
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Pack(IReadOnlyList<string> texts)
    {
        int size = 0;
        foreach (string text in texts)
        {
            size = checked(size + 4 + Encoding.UTF8.GetByteCount(text));
        }

        byte[] packed = new byte[size];
        int at = 0;
        foreach (string text in texts)
        {
            int length = Encoding.UTF8.GetBytes(text, packed.AsSpan(at + 4));
            BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(at), length);
            at += 4 + length;
        }

        return packed;
    }

    public static byte[] Pack(IReadOnlyList<ReadOnlyMemory<byte>> elements)
    {
        int size = 0;
        foreach (ReadOnlyMemory<byte> element in elements)
        {
            size = checked(size + 4 + element.Length);
        }

        byte[] packed = new byte[size];
        int at = 0;
        foreach (ReadOnlyMemory<byte> element in elements)
        {
            BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(at), element.Length);
            element.Span.CopyTo(packed.AsSpan(at + 4));
            at += 4 + element.Length;
        }

        return packed;
    }

    public static void Append(PooledBuffer to, ReadOnlySpan<byte> element)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to.GetSpan(4), element.Length);
        to.Advance(4);
        to.Write(element);
    }

    /// <summary>Counts the elements, and checks every length on the way.</summary>
    public static int Count(string role, string name, ReadOnlySpan<byte> data)
    {
        int count = 0;
        for (int at = 0; at < data.Length; count++)
        {
            if (data.Length - at < 4 || BinaryPrimitives.ReadUInt32LittleEndian(data[at..]) > (uint)(data.Length - at - 4))
            {
                throw InferenceException.InvalidInput($"{role} '{name}': the data of BYTES element {count} is truncated");
            }

            at += 4 + (int)BinaryPrimitives.ReadUInt32LittleEndian(data[at..]);
        }

        return count;
    }

    public static ReadOnlyMemory<byte>[] Read(Tensor tensor)
    {
        RequireBytes(tensor);
        ReadOnlyMemory<byte> data = tensor.Data;
        var elements = new ReadOnlyMemory<byte>[tensor.Count];
        int at = 0;
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = Next(data, ref at);
        }

        return elements;
    }

    public static string[] ReadStrings(Tensor tensor)
    {
        RequireBytes(tensor);
        ReadOnlyMemory<byte> data = tensor.Data;
        string[] texts = new string[tensor.Count];
        int at = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            try
            {
                texts[i] = s_strict.GetString(Next(data, ref at).Span);
            }
            catch (DecoderFallbackException)
            {
                throw InferenceException.InvalidInput($"tensor '{tensor.Name}': element {i} is not UTF-8 text");
            }
        }

        return texts;
    }

    /// <summary>The element at <paramref name="at"/>, which moves behind it. The lengths were checked on arrival.</summary>
    public static ReadOnlyMemory<byte> Next(ReadOnlyMemory<byte> data, ref int at)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(data.Span[at..]);
        ReadOnlyMemory<byte> element = data.Slice(at + 4, length);
        at += 4 + length;
        return element;
    }

    private static void RequireBytes(Tensor tensor)
    {
        if (tensor.Datatype != Datatype.BYTES)
        {
            throw InferenceException.InvalidInput($"tensor '{tensor.Name}' has datatype {tensor.Datatype.Name()}, expected BYTES");
        }
    }
}
