namespace Sidecars.Protocol;

/// <summary>
/// Brings an answer into the form the caller's protocol asks for. One of the two places where protocols meet;
/// <see cref="RequestEncoder"/> is the way there.
/// </summary>
internal static class ResponseEncoder
{
    public static WirePayload Encode(
        InferResponse response, InferenceProtocol target, InferRequest arrived, string modelName)
    {
        switch (target)
        {
            case InferenceProtocol.V1: return EncodeV1(response);
            case InferenceProtocol.V2: return EncodeV2(response, arrived, modelName);
            default:
                return response.Form == WireForm.Grpc && !response.Edited
                    ? new WirePayload(response.Body, null)
                    : GrpcCodec.WriteResponse(
                        response.Head,
                        response.Form == WireForm.Opaque ? [BytesOutput(response.Body)] : response.Outputs,
                        response.ModelName ?? modelName,
                        response.Id ?? arrived.Id,
                        arrived.Head.RawContents);
        }
    }

    /// <summary>One part of an answer that a hook gives out in parts, as a message of its own.</summary>
    public static WirePayload EncodeGrpcChunk(ReadOnlyMemory<byte> chunk, InferRequest arrived, string modelName) =>
        GrpcCodec.WriteResponse(InferHead.Empty, [BytesOutput(chunk)], modelName, arrived.Id, arrived.Head.RawContents);

    /// <summary>gRPC answers in tensors: bytes become one BYTES element.</summary>
    private static Tensor BytesOutput(ReadOnlyMemory<byte> bytes) => Tensor.FromBytes("output-0", [bytes], 1);

    private static WirePayload EncodeV1(InferResponse response)
    {
        if (response.Form == WireForm.Opaque || (response.Form == WireForm.V1 && !response.Edited))
        {
            return new WirePayload(response.Body, response.ContentType);
        }

        IReadOnlyList<Tensor> outputs = response.Outputs;
        var to = new PooledBuffer(JsonTensors.EstimateSize(outputs));
        V1Json.WritePredictions(to, outputs);
        return new WirePayload(to, null, MediaTypes.Json);
    }

    private static WirePayload EncodeV2(InferResponse response, InferRequest arrived, string modelName)
    {
        if (response.Form == WireForm.Opaque)
        {
            return new WirePayload(response.Body, response.ContentType);
        }

        if (response.Form is WireForm.V2 or WireForm.V2Binary && !response.Edited && MeetsWishes(response, arrived))
        {
            bool binary = response.Form == WireForm.V2Binary;
            return new WirePayload(response.Body, binary ? MediaTypes.OctetStream : MediaTypes.Json, response.JsonLength);
        }

        (IReadOnlyList<Tensor> outputs, bool[]? asBinary) = Select(response.Outputs, arrived, modelName);
        return V2Json.WriteResponse(
            response.Head, outputs, asBinary, response.Id ?? arrived.Id ?? Guid.NewGuid().ToString(), response.ModelName ?? modelName);
    }

    /// <summary>
    /// Whether the bytes are what the caller asked for: the predictor saw the caller's own wishes, or there are none.
    /// </summary>
    private static bool MeetsWishes(InferResponse response, InferRequest arrived) =>
        (arrived.SentVerbatim && arrived.Form is WireForm.V2 or WireForm.V2Binary)
        || (arrived.RequestedOutputs is null && arrived.Head.BinaryDataOutput == (response.Form == WireForm.V2Binary));

    /// <summary>The outputs asked for, in the order asked for, and which of them are to be binary.</summary>
    private static (IReadOnlyList<Tensor> Outputs, bool[]? Binary) Select(
        IReadOnlyList<Tensor> outputs, InferRequest arrived, string modelName)
    {
        if (arrived.RequestedOutputs is not { } requested)
        {
            if (!arrived.Head.BinaryDataOutput)
            {
                return (outputs, null);
            }

            bool[] all = new bool[outputs.Count];
            Array.Fill(all, true);
            return (outputs, all);
        }

        var selected = new Tensor[requested.Count];
        bool[] binary = new bool[requested.Count];
        for (int i = 0; i < selected.Length; i++)
        {
            RequestedOutput wish = requested[i];
            selected[i] = outputs.Where((t, at) => V2Json.TensorName(t, "output", at) == wish.Name).FirstOrDefault()?.With(wish.Name)
                ?? throw InferenceException.InvalidInput($"Unexpected inference output '{wish.Name}' for model '{modelName}'");
            binary[i] = wish.BinaryData ?? false;
        }

        return (selected, binary);
    }
}
