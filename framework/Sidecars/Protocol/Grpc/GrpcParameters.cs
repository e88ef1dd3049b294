namespace Sidecars.Protocol;

/// <summary>Reads entries of a map&lt;string, InferParameter&gt;.</summary>
internal static class GrpcParameters
{
    public static void ReadEntry(ProtoReader entry, ref Dictionary<string, object>? parameters)
    {
        string key = "";
        object? value = null;
        while (entry.Next(out int field, out int wireType))
        {
            if (field is 1 or 2)
            {
                ProtoReader.Expect(wireType, ProtoReader.Bytes);
            }

            switch (field)
            {
                case 1: key = entry.ReadString(); break;
                case 2: value = ReadValue(entry.Message()); break;
                default: entry.Skip(wireType); break;
            }
        }

        if (value is not null)
        {
            (parameters ??= [])[key] = value;
        }
    }

    private static object? ReadValue(ProtoReader reader)
    {
        object? value = null;
        while (reader.Next(out int field, out int wireType))
        {
            switch (field, wireType)
            {
                case (1, ProtoReader.Varint): value = reader.ReadVarint() != 0; break;
                case (2, ProtoReader.Varint): value = (long)reader.ReadVarint(); break;
                case (3, ProtoReader.Bytes): value = reader.ReadString(); break;
                case (4, ProtoReader.Fixed64): value = reader.ReadDouble(); break;
                case (5, ProtoReader.Varint): value = reader.ReadVarint(); break;
                case (>= 1 and <= 5, _): throw ProtoReader.Malformed();
                default: reader.Skip(wireType); break;
            }
        }

        return value;
    }
}
