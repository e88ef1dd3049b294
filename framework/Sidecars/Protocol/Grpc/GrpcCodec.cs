using System.Runtime.InteropServices;

namespace Sidecars.Protocol;

/// <summary>
/// ModelInferRequest and ModelInferResponse, read from and written to the wire without a detour over generated
/// messages: raw contents stay where they arrived. Field numbers are those of inference.proto.
/// </summary>
internal static class GrpcCodec
{
    // ModelInferRequest and ModelInferResponse
    private const int ModelName = 1, ModelVersion = 2, Id = 3, Parameters = 4, Tensors = 5;
    private const int RequestedOutputs = 6, RawInputs = 7, RawOutputs = 6;

    public static (InferHead Head, IReadOnlyList<Tensor> Tensors) ReadRequest(InferMessage message) =>
        Read(message, "input", RawInputs);

    public static (InferHead Head, IReadOnlyList<Tensor> Tensors) ReadResponse(InferMessage message) =>
        Read(message, "output", RawOutputs);

    /// <summary>The model's name alone, which the server needs of messages that it does not read otherwise.</summary>
    public static string ReadModelName(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message, 0, message.Length);
        string name = "";
        while (reader.Next(out int field, out int wireType))
        {
            if (field == ModelName)
            {
                ProtoReader.Expect(wireType, ProtoReader.Bytes);
                name = reader.ReadString();
            }
            else
            {
                reader.Skip(wireType);
            }
        }

        return name;
    }

    public static WirePayload WriteRequest(InferHead head, IReadOnlyList<Tensor> inputs, string modelName, string? id)
    {
        var to = new PooledBuffer();
        List<(int, ReadOnlyMemory<byte>)> raw = [];
        WriteHead(to, head, modelName, id);
        for (int i = 0; i < inputs.Count; i++)
        {
            WriteTensor(to, inputs[i], V2Json.TensorName(inputs[i], "input", i), raw: true, sizeParameter: false);
        }

        foreach (RequestedOutput output in head.RequestedOutputs ?? [])
        {
            ProtoWriter.Message(to, RequestedOutputs, output, static (buffer, o) =>
            {
                ProtoWriter.String(buffer, 1, o.Name);
                ProtoWriter.Parameters(buffer, 2, o.Parameters);
            });
        }

        WriteRaw(to, RawInputs, inputs, raw);
        return new WirePayload(to, raw, null);
    }

    /// <summary>Writes an answer: with raw contents when asked for, or when a datatype has no other form.</summary>
    public static WirePayload WriteResponse(
        InferHead head, IReadOnlyList<Tensor> outputs, string modelName, string? id, bool raw)
    {
        raw |= outputs.Any(static t => t.Datatype.IsRawOnly());
        var to = new PooledBuffer();
        List<(int, ReadOnlyMemory<byte>)> inserts = [];
        WriteHead(to, head, modelName, id);
        for (int i = 0; i < outputs.Count; i++)
        {
            WriteTensor(to, outputs[i], V2Json.TensorName(outputs[i], "output", i), raw, sizeParameter: raw);
        }

        if (raw)
        {
            WriteRaw(to, RawOutputs, outputs, inserts);
        }

        return new WirePayload(to, inserts, null);
    }

    /// <summary>Wraps a ModelInferResponse into Triton's ModelStreamInferResponse.</summary>
    public static WirePayload WrapForStream(WirePayload response)
    {
        var to = new PooledBuffer(16);
        ProtoWriter.Tag(to, 2, ProtoReader.Bytes);
        ProtoWriter.Varint(to, (ulong)response.Length);
        int at = to.Length;
        return new WirePayload(to, [.. response.Segments.Select(s => (at, s))], null) { Also = response };
    }

    /// <summary>Triton's ModelStreamInferResponse for a request that failed: the stream itself goes on.</summary>
    public static WirePayload StreamError(string message, string? id)
    {
        var to = new PooledBuffer(64);
        ProtoWriter.String(to, 1, message);
        if (id is not null)
        {
            ProtoWriter.Message(to, 2, id, static (response, id) => ProtoWriter.String(response, Id, id));
        }

        return new WirePayload(to, null, null);
    }

    /// <summary>
    /// The message as it came, for another model or with an id: of a field that stands twice the last one counts, so a
    /// copy of the large part is not needed.
    /// </summary>
    public static WirePayload Readdress(ReadOnlyMemory<byte> message, string modelName)
    {
        var to = new PooledBuffer(64);
        ProtoWriter.String(to, ModelName, modelName);
        return new WirePayload(to, [(0, message)], null);
    }

    private static void WriteHead(PooledBuffer to, InferHead head, string modelName, string? id)
    {
        ProtoWriter.String(to, ModelName, modelName);
        ProtoWriter.String(to, Id, id);
        ProtoWriter.Parameters(to, Parameters, head.Parameters);
    }

    private static void WriteTensor(PooledBuffer to, Tensor tensor, string name, bool raw, bool sizeParameter) =>
        ProtoWriter.Message(to, Tensors, (tensor, name, raw, sizeParameter), static (buffer, state) =>
        {
            Tensor tensor = state.tensor;
            ProtoWriter.String(buffer, 1, state.name);
            ProtoWriter.String(buffer, 2, tensor.Datatype.Name());
            if (tensor.Shape.Length > 0)
            {
                ProtoWriter.Message(buffer, 3, tensor.Dimensions, static (packed, dimensions) =>
                {
                    foreach (long dimension in dimensions)
                    {
                        ProtoWriter.Varint(packed, (ulong)dimension);
                    }
                });
            }

            ProtoWriter.Parameters(buffer, 4, tensor.Parameters, state.sizeParameter ? tensor.Data.Length : -1);
            if (!state.raw)
            {
                ProtoWriter.Message(buffer, 5, tensor, GrpcContents.Write);
            }
        });

    private static void WriteRaw(
        PooledBuffer to, int field, IReadOnlyList<Tensor> tensors, List<(int, ReadOnlyMemory<byte>)> inserts)
    {
        foreach (Tensor tensor in tensors)
        {
            ProtoWriter.Tag(to, field, ProtoReader.Bytes);
            ProtoWriter.Varint(to, (ulong)tensor.Data.Length);
            inserts.Add((to.Length, tensor.Data));
        }
    }

    private static (InferHead Head, IReadOnlyList<Tensor> Tensors) Read(InferMessage message, string role, int rawField)
    {
        ReadOnlySpan<byte> body = message.Body.Span;
        var reader = new ProtoReader(body, 0, body.Length);
        string modelName = "", version = "", id = "";
        Dictionary<string, object>? parameters = null;
        List<GrpcTensor> tensors = [];
        List<RequestedOutput>? requested = null;
        List<(int Start, int End)> raw = [];
        while (reader.Next(out int field, out int wireType))
        {
            if (field is < ModelName or > RawInputs)
            {
                reader.Skip(wireType);
                continue;
            }

            ProtoReader.Expect(wireType, ProtoReader.Bytes);
            if (field == rawField)
            {
                raw.Add(reader.ReadRange());
                continue;
            }

            switch (field)
            {
                case ModelName: modelName = reader.ReadString(); break;
                case ModelVersion: version = reader.ReadString(); break;
                case Id: id = reader.ReadString(); break;
                case Parameters: GrpcParameters.ReadEntry(reader.Message(), ref parameters); break;
                case Tensors:
                    Shapes.CheckTensors(role, tensors.Count);
                    tensors.Add(GrpcTensor.Read(reader.Message()));
                    break;
                case RequestedOutputs: (requested ??= []).Add(ReadRequestedOutput(reader.Message())); break;
                default: reader.Skip(wireType); break;
            }
        }

        string target = message.TargetModel ?? modelName;
        if (raw.Count > 0 && raw.Count != tensors.Count)
        {
            throw InferenceException.InvalidInput(
                $"the number of {role}s ({tensors.Count}) does not match the expected number of raw {role} contents ({raw.Count}) for model '{target}'.");
        }

        var result = new Tensor[tensors.Count];
        for (int i = 0; i < result.Length; i++)
        {
            GrpcTensor tensor = tensors[i];
            if (!DatatypeFacts.TryParse(tensor.Datatype, ignoreCase: false, out Datatype datatype))
            {
                throw InferenceException.InvalidInput("invalid content type");
            }

            if (raw.Count > 0)
            {
                if (tensor.Contents is not null)
                {
                    throw InferenceException.InvalidInput(
                        $"contents field must not be specified when using raw_{role}_contents for {role} '{tensor.Name}' for model '{target}'");
                }

                Memory<byte> data = MemoryMarshal.AsMemory(message.Body)[raw[i].Start..raw[i].End];
                Shapes.CheckRaw(role, tensor.Name, datatype, tensor.Shape, data.Span);
                tensor.Parameters?.Remove("binary_data_size");
                result[i] = new Tensor(tensor.Name, datatype, tensor.Shape, data, tensor.Parameters is { Count: > 0 } p ? p : null);
            }
            else
            {
                Memory<byte> data = GrpcContents.Read(message, role, tensor, datatype);
                result[i] = new Tensor(tensor.Name, datatype, tensor.Shape, data, tensor.Parameters);
            }
        }

        var head = new InferHead(id.Length == 0 ? null : id, modelName, version, parameters, requested, raw.Count > 0);
        return (head, result);
    }

    private static RequestedOutput ReadRequestedOutput(ProtoReader reader)
    {
        string name = "";
        Dictionary<string, object>? parameters = null;
        while (reader.Next(out int field, out int wireType))
        {
            if (field is 1 or 2)
            {
                ProtoReader.Expect(wireType, ProtoReader.Bytes);
            }

            switch (field)
            {
                case 1: name = reader.ReadString(); break;
                case 2: GrpcParameters.ReadEntry(reader.Message(), ref parameters); break;
                default: reader.Skip(wireType); break;
            }
        }

        return new RequestedOutput(name, Parameters: parameters);
    }
}
