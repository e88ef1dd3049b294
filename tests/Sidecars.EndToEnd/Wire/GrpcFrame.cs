using System.Buffers.Binary;
using System.IO.Compression;

namespace Sidecars.EndToEnd.Wire;

/// <summary>gRPC's framing: one byte that says whether the message is compressed, four for its length, the message.</summary>
internal static class GrpcFrame
{
    public static byte[] Wrap(byte[] message, byte flag = 0) => Wrap(message, flag, (uint)message.Length);

    /// <summary>A frame that may lie about its length.</summary>
    public static byte[] Wrap(byte[] message, byte flag, uint length)
    {
        byte[] frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Gzip(byte[] message)
    {
        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Fastest))
        {
            zip.Write(message);
        }

        return packed.ToArray();
    }

    public static IReadOnlyList<byte[]> Split(byte[] body)
    {
        List<byte[]> messages = [];
        for (int at = 0; at + 5 <= body.Length;)
        {
            int length = checked((int)BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(at + 1)));
            byte[] message = body.AsSpan(at + 5, length).ToArray();
            messages.Add(body[at] == 1 ? Unzip(message) : message);
            at += 5 + length;
        }

        return messages;
    }

    public static byte[] Unzip(byte[] packed)
    {
        using GZipStream zip = new(new MemoryStream(packed), CompressionMode.Decompress);
        using MemoryStream plain = new();
        zip.CopyTo(plain);
        return plain.ToArray();
    }
}
