namespace Sidecars.Protocol;

/// <summary>An InferInputTensor or InferOutputTensor as read, before its contents are.</summary>
internal sealed record GrpcTensor(
    string Name,
    string Datatype,
    long[] Shape,
    Dictionary<string, object>? Parameters,
    List<(int Start, int End)>? Contents)
{
    public static GrpcTensor Read(ProtoReader reader)
    {
        string name = "", datatype = "";
        var shape = new List<long>(4);
        Dictionary<string, object>? parameters = null;
        List<(int, int)>? contents = null;
        while (reader.Next(out int field, out int wireType))
        {
            switch (field, wireType)
            {
                case (1, ProtoReader.Bytes): name = reader.ReadString(); break;
                case (2, ProtoReader.Bytes): datatype = reader.ReadString(); break;
                case (3, ProtoReader.Varint): Add(shape, reader.ReadVarint(), name); break;
                case (3, ProtoReader.Bytes):
                    ProtoReader packed = reader.Message();
                    while (!packed.AtEnd)
                    {
                        Add(shape, packed.ReadVarint(), name);
                    }

                    break;
                case (4, ProtoReader.Bytes): GrpcParameters.ReadEntry(reader.Message(), ref parameters); break;
                case (5, ProtoReader.Bytes): (contents ??= []).Add(reader.ReadRange()); break;
                case (>= 1 and <= 5, _): throw ProtoReader.Malformed();
                default: reader.Skip(wireType); break;
            }
        }

        return new GrpcTensor(name, datatype, [.. shape], parameters, contents);
    }

    private static void Add(List<long> shape, ulong dimension, string name)
    {
        if (shape.Count == Shapes.MaxRank)
        {
            throw InferenceException.InvalidInput($"tensor '{name}' has more than {Shapes.MaxRank} dimensions");
        }

        shape.Add((long)dimension);
    }
}
