using System.Buffers.Binary;
using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Graphs;

/// <summary>The attributes of an ONNX node, by name. A name that is not there reads as null or as the default.</summary>
internal sealed class NodeAttributes
{
    private const int Float = 1, UInt8 = 2, Int32 = 6, Int64 = 7, Double = 11;

    private readonly Dictionary<string, AttributeProto> _attributes = new(StringComparer.Ordinal);

    public NodeAttributes(NodeProto node)
    {
        foreach (AttributeProto attribute in node.Attribute)
        {
            _attributes[attribute.Name] = attribute;
        }
    }

    public long Int(string name, long otherwise) => _attributes.TryGetValue(name, out AttributeProto? a) ? a.I : otherwise;

    public double Single(string name, double otherwise) => _attributes.TryGetValue(name, out AttributeProto? a) ? a.F : otherwise;

    public string String(string name, string otherwise) =>
        _attributes.TryGetValue(name, out AttributeProto? a) ? a.S.ToStringUtf8() : otherwise;

    public long[]? Ints(string name) => _attributes.TryGetValue(name, out AttributeProto? a) ? [.. a.Ints] : null;

    public string[]? Strings(string name) =>
        _attributes.TryGetValue(name, out AttributeProto? a) ? [.. a.Strings.Select(static s => s.ToStringUtf8())] : null;

    /// <summary>Numbers of an attribute that ONNX has as floats, as a tensor, or under its name with <c>_as_tensor</c> for
    /// float64. All of them come exactly.</summary>
    public double[]? Numbers(string name)
    {
        if (_attributes.TryGetValue(name + "_as_tensor", out AttributeProto? tensor) && tensor.T is not null)
        {
            return Numbers(tensor.T, name);
        }

        return !_attributes.TryGetValue(name, out AttributeProto? attribute) ? null
            : attribute.T is not null ? Numbers(attribute.T, name)
            : [.. attribute.Floats.Select(static f => (double)f)];
    }

    /// <summary>The numbers of a tensor, in its order.</summary>
    /// <exception cref="InvalidDataException">The tensor is of another type, in another file, or of the wrong length.</exception>
    public static double[] Numbers(TensorProto tensor, string name)
    {
        if (tensor.DataLocation != 0 || tensor.ExternalData.Count > 0)
        {
            throw new InvalidDataException($"{name} is kept in another file.");
        }

        ReadOnlySpan<byte> raw = tensor.RawData.Span;
        double[] values = tensor.DataType switch
        {
            Float when !raw.IsEmpty => Raw(raw, 4, name, static b => (double)BinaryPrimitives.ReadSingleLittleEndian(b)),
            Float => [.. tensor.FloatData.Select(static f => (double)f)],
            Double when !raw.IsEmpty => Raw(raw, 8, name, BinaryPrimitives.ReadDoubleLittleEndian),
            Double => [.. tensor.DoubleData],
            Int64 when !raw.IsEmpty => Raw(raw, 8, name, static b => (double)BinaryPrimitives.ReadInt64LittleEndian(b)),
            Int64 => [.. tensor.Int64Data.Select(static i => (double)i)],
            Int32 or UInt8 when raw.IsEmpty => [.. tensor.Int32Data.Select(static i => (double)i)],
            Int32 => Raw(raw, 4, name, static b => (double)BinaryPrimitives.ReadInt32LittleEndian(b)),
            UInt8 => Raw(raw, 1, name, static b => (double)b[0]),
            int other => throw new InvalidDataException($"{name} is a tensor of data type {other}."),
        };
        long length = tensor.Dims.Aggregate(1L, static (product, d) => product * d);
        return length == values.Length ? values
            : throw new InvalidDataException($"{name} has {values.Length} numbers where its dimensions say {length}.");
    }

    /// <summary>An array that must be there, and for a list over nodes be as long as they are many.</summary>
    public static T[] Required<T>(T[]? array, string name, int? nodes = null) =>
        array is null || array.Length == 0 ? throw new InvalidDataException($"{name} is missing.")
        : nodes is { } n && array.Length != n ? throw new InvalidDataException($"{name} has {array.Length} entries where there are {n} nodes.")
        : array;

    private delegate double Element(ReadOnlySpan<byte> bytes);

    private static double[] Raw(ReadOnlySpan<byte> raw, int size, string name, Element element)
    {
        if (raw.Length % size != 0)
        {
            throw new InvalidDataException($"{name} has {raw.Length} bytes, no multiple of {size}.");
        }

        double[] values = new double[raw.Length / size];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = element(raw.Slice(i * size, size));
        }

        return values;
    }
}
