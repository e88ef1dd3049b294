using System.Runtime.InteropServices;

namespace Sidecars.Protocol;

/// <summary>
/// The Open Inference Protocol over REST: JSON, and JSON followed by binary tensors (the binary tensor data extension).
/// </summary>
internal static class V2Json
{
    public const string LengthHeader = "Inference-Header-Content-Length";

    public static (InferHead Head, IReadOnlyList<Tensor> Tensors) ReadRequest(InferRequest request) =>
        new V2Reader(request, "input", request.TargetModel).Read("inputs"u8);

    public static (InferHead Head, IReadOnlyList<Tensor> Tensors) ReadResponse(InferResponse response) =>
        new V2Reader(response, "output", response.TargetModel).Read("outputs"u8);

    /// <summary>Writes a request. Tensors go binary when asked for, or when JSON has no form for them.</summary>
    public static WirePayload WriteRequest(InferHead head, IReadOnlyList<Tensor> inputs, string id, bool binary)
    {
        binary |= inputs.Any(t => t.Datatype.IsRawOnly() || !JsonTensors.HasJsonForm(t));
        var to = new PooledBuffer(binary ? 512 : JsonTensors.EstimateSize(inputs));
        List<(int, ReadOnlyMemory<byte>)>? raw = binary ? [] : null;
        to.Write("{\"id\":"u8);
        JsonText.WriteString(to, id);
        to.Write(",\"inputs\":["u8);
        for (int i = 0; i < inputs.Count; i++)
        {
            if (i > 0)
            {
                to.Write((byte)',');
            }

            WriteTensor(to, inputs[i], TensorName(inputs[i], "input", i), raw, widen: false, nulls: false);
        }

        to.Write((byte)']');
        if (head.RequestedOutputs is { Count: > 0 } outputs)
        {
            WriteRequestedOutputs(to, outputs);
        }

        if (head.Parameters is { Count: > 0 } parameters)
        {
            to.Write(",\"parameters\":"u8);
            JsonText.WriteParameters(to, parameters);
        }

        to.Write((byte)'}');
        return Finish(to, raw);
    }

    /// <summary>Writes an answer in the key order KServe writes it in.</summary>
    /// <param name="response">The answer's own id, model name and parameters.</param>
    /// <param name="outputs">The outputs that go out, in their order.</param>
    /// <param name="binary">Which of them the caller wants binary; null for none.</param>
    /// <param name="id">The id.</param>
    /// <param name="modelName">The model's name.</param>
    public static WirePayload WriteResponse(
        InferHead response, IReadOnlyList<Tensor> outputs, bool[]? binary, string id, string modelName)
    {
        bool anyBinary = binary is not null && Array.IndexOf(binary, true) >= 0;
        var to = new PooledBuffer(anyBinary ? 512 : JsonTensors.EstimateSize(outputs));
        List<(int, ReadOnlyMemory<byte>)>? raw = anyBinary ? [] : null;
        if (anyBinary)
        {
            to.Write("{\"id\":"u8);
            JsonText.WriteString(to, id);
            to.Write(",\"model_name\":"u8);
            JsonText.WriteString(to, modelName);
            to.Write(",\"model_version\":null"u8);
        }
        else
        {
            to.Write("{\"model_name\":"u8);
            JsonText.WriteString(to, modelName);
            to.Write(",\"model_version\":null,\"id\":"u8);
            JsonText.WriteString(to, id);
            to.Write(",\"parameters\":"u8);
            WriteParametersOrNull(to, response.Parameters);
        }

        to.Write(",\"outputs\":["u8);
        for (int i = 0; i < outputs.Count; i++)
        {
            if (i > 0)
            {
                to.Write((byte)',');
            }

            bool asBinary = anyBinary && binary![i];
            WriteTensor(to, outputs[i], TensorName(outputs[i], "output", i), asBinary ? raw : null, widen: true, nulls: !anyBinary);
        }

        to.Write((byte)']');
        if (anyBinary && response.Parameters is { Count: > 0 } parameters)
        {
            to.Write(",\"parameters\":"u8);
            JsonText.WriteParameters(to, parameters);
        }

        to.Write((byte)'}');
        return Finish(to, raw);
    }

    public static string TensorName(Tensor tensor, string role, int index) =>
        tensor.Name.Length > 0 ? tensor.Name : $"{role}-{index}";

    /// <summary>
    /// Puts an id into a request that has none, without reading the rest of it: predictors echo the id, and KServe's
    /// own refuse an answer without one.
    /// </summary>
    public static WirePayload WithId(ReadOnlyMemory<byte> body, string? contentType, int jsonLength, string id)
    {
        int open = body.Span.IndexOf((byte)'{') + 1;
        var to = new PooledBuffer(64);
        to.Write("\"id\":"u8);
        JsonText.WriteString(to, id);
        if (new JsonCursor(body.Span[open..], 1).Peek() != (byte)'}')
        {
            to.Write((byte)',');
        }

        int added = to.Length;
        return new WirePayload(
            to, [(0, body[..open]), (added, body[open..])], contentType, jsonLength < 0 ? -1 : jsonLength + added);
    }

    private static void WriteTensor(
        PooledBuffer to, Tensor tensor, string name, List<(int, ReadOnlyMemory<byte>)>? raw, bool widen, bool nulls)
    {
        to.Write("{\"name\":"u8);
        JsonText.WriteString(to, name);
        to.Write(",\"shape\":["u8);
        for (int i = 0; i < tensor.Shape.Length; i++)
        {
            if (i > 0)
            {
                to.Write((byte)',');
            }

            JsonText.WriteInteger(to, tensor.Shape[i]);
        }

        to.Write("],\"datatype\":\""u8);
        foreach (char c in tensor.Datatype.Name())
        {
            to.Write((byte)c);
        }

        to.Write((byte)'"');
        if (raw is not null)
        {
            to.Write(",\"parameters\":"u8);
            JsonText.WriteParameters(to, tensor.Parameters ?? InferParameters.None, tensor.RawData.Length);
            raw.Add((int.MaxValue, tensor.Data));
        }
        else
        {
            if (nulls || tensor.Parameters is { Count: > 0 })
            {
                to.Write(",\"parameters\":"u8);
                WriteParametersOrNull(to, tensor.Parameters);
            }

            to.Write(",\"data\":["u8);
            JsonTensors.WriteData(to, tensor, name, widen);
            to.Write((byte)']');
        }

        to.Write((byte)'}');
    }

    private static void WriteParametersOrNull(PooledBuffer to, IReadOnlyDictionary<string, object>? parameters)
    {
        if (parameters is { Count: > 0 })
        {
            JsonText.WriteParameters(to, parameters);
        }
        else
        {
            to.Write("null"u8);
        }
    }

    private static void WriteRequestedOutputs(PooledBuffer to, IReadOnlyList<RequestedOutput> outputs)
    {
        to.Write(",\"outputs\":["u8);
        bool first = true;
        foreach (RequestedOutput output in outputs)
        {
            JsonText.Separate(to, ref first);
            to.Write("{\"name\":"u8);
            JsonText.WriteString(to, output.Name);
            Dictionary<string, object>? parameters = output.Parameters is null ? null : new(output.Parameters);
            if (output.BinaryData is { } binary)
            {
                (parameters ??= [])["binary_data"] = binary;
            }

            if (parameters is not null)
            {
                to.Write(",\"parameters\":"u8);
                JsonText.WriteParameters(to, parameters);
            }

            to.Write((byte)'}');
        }

        to.Write((byte)']');
    }

    private static WirePayload Finish(PooledBuffer json, List<(int At, ReadOnlyMemory<byte> Bytes)>? raw)
    {
        if (raw is null or { Count: 0 })
        {
            return new WirePayload(json, null, MediaTypes.Json);
        }

        // The tensors follow the JSON, whose length is known only now.
        foreach (ref (int At, ReadOnlyMemory<byte> Bytes) insert in CollectionsMarshal.AsSpan(raw))
        {
            insert.At = json.Length;
        }

        return new WirePayload(json, raw, MediaTypes.OctetStream, json.Length);
    }
}
