using System.Runtime.InteropServices;
using System.Text;

namespace Sidecars.EndToEnd.Wire;

/// <summary>A tensor of a gRPC message; <see cref="Contents"/> are the bytes of an InferTensorContents, null for none.</summary>
public sealed record InferTensor(string Name, string Datatype, long[] Shape, byte[]? Contents = null)
{
    /// <summary>The parameters, each the bytes of an InferParameter.</summary>
    public IReadOnlyDictionary<string, byte[]> Parameters { get; init; } = new Dictionary<string, byte[]>();

    public ProtoFields Typed => new(Contents ?? []);

    public static InferTensor Of(string name, string datatype, long[] shape, Action<ProtoWriter> contents)
    {
        ProtoWriter writer = new();
        contents(writer);
        return new InferTensor(name, datatype, shape, writer.ToArray());
    }

    public static InferTensor Fp32(string name, long[] shape, params float[] values) =>
        Of(name, "FP32", shape, w => w.Bytes(6, MemoryMarshal.AsBytes<float>(values)));

    public static InferTensor Text(string name, long[] shape, params string[] values) =>
        Of(name, "BYTES", shape, w => Array.ForEach(values, v => w.Bytes(8, Encoding.UTF8.GetBytes(v))));

    public float[] Floats() => MemoryMarshal.Cast<byte, float>(Typed.Fixed(6)).ToArray();
}

/// <summary>ModelInferRequest and ModelInferResponse, written and read by hand from their field numbers.</summary>
public sealed record InferMessage(string ModelName, string Version, string Id, IReadOnlyList<InferTensor> Tensors, IReadOnlyList<byte[]> Raw)
{
    public static byte[] Request(string model, string id, IEnumerable<InferTensor> inputs, params byte[][] raw) =>
        Write(new ProtoWriter(), model, "", id, inputs, raw, rawField: 7).ToArray();

    public static byte[] Request(ProtoWriter before, string model, string id, IEnumerable<InferTensor> inputs, params byte[][] raw) =>
        Write(before, model, "", id, inputs, raw, rawField: 7).ToArray();

    public static byte[] Response(string model, string id, IEnumerable<InferTensor> outputs, params byte[][] raw) =>
        Write(new ProtoWriter(), model, "", id, outputs, raw, rawField: 6).ToArray();

    public static InferMessage ParseRequest(byte[] message) => Parse(message, rawField: 7);

    public static InferMessage ParseResponse(byte[] message) => Parse(message, rawField: 6);

    private static ProtoWriter Write(
        ProtoWriter writer, string model, string version, string id, IEnumerable<InferTensor> tensors, byte[][] raw, int rawField)
    {
        writer.Text(1, model);
        if (version.Length > 0)
        {
            writer.Text(2, version);
        }

        if (id.Length > 0)
        {
            writer.Text(3, id);
        }

        foreach (InferTensor tensor in tensors)
        {
            ProtoWriter one = new ProtoWriter().Text(1, tensor.Name).Text(2, tensor.Datatype)
                .Packed(3, tensor.Shape.Select(d => unchecked((ulong)d)));
            foreach ((string name, byte[] value) in tensor.Parameters)
            {
                one.Message(4, new ProtoWriter().Text(1, name).Bytes(2, value));
            }

            if (tensor.Contents is not null)
            {
                one.Bytes(5, tensor.Contents);
            }

            writer.Message(5, one);
        }

        foreach (byte[] content in raw)
        {
            writer.Bytes(rawField, content);
        }

        return writer;
    }

    private static InferMessage Parse(byte[] message, int rawField)
    {
        ProtoFields fields = new(message);
        List<InferTensor> tensors = [];
        foreach (ProtoFields tensor in fields.Messages(5))
        {
            long[] shape = [.. tensor.Numbers(3).Select(d => unchecked((long)d))];
            Dictionary<string, byte[]> parameters = [];
            foreach (ProtoFields entry in tensor.Messages(4))
            {
                parameters[entry.Text(1)] = entry.All(2).LastOrDefault() ?? [];
            }

            tensors.Add(new InferTensor(tensor.Text(1), tensor.Text(2), shape, tensor.All(5).LastOrDefault())
            {
                Parameters = parameters,
            });
        }

        return new InferMessage(fields.Text(1), fields.Text(2), fields.Text(3), tensors, fields.All(rawField));
    }
}
