namespace Sidecars.Protocol;

/// <summary>
/// Brings a request into the form a predictor's protocol asks for. One of the two places where protocols meet;
/// <see cref="ResponseEncoder"/> is the way back, docs/conversions.md the table.
/// </summary>
internal static class RequestEncoder
{
    /// <summary>Whether encoding would be helped by the predictor's metadata: names and types for V1 rows.</summary>
    public static bool WantsMetadata(InferRequest request, PredictorProtocol target) =>
        target != PredictorProtocol.V1
        && (request.Form == WireForm.V1 || (request.Form == WireForm.Tensors && request.Inputs.Any(static t => t.Name.Length == 0)));

    public static WirePayload Encode(
        InferRequest request, PredictorProtocol target, string modelName, IReadOnlyList<TensorMetadata>? metadata)
    {
        request.SentVerbatim = !request.Edited && IsForm(request.Form, target);
        if (request.SentVerbatim)
        {
            return Verbatim(request, target, modelName);
        }

        if (target == PredictorProtocol.V1)
        {
            if (request.Form == WireForm.Opaque)
            {
                // What looks like JSON is taken for it: curl calls everything a form.
                return new WirePayload(request.Body, JsonOutline.IsScalar(request.Body.Span) ? request.ContentType : MediaTypes.Json);
            }

            var v1 = new PooledBuffer(JsonTensors.EstimateSize(request.Inputs));
            V1Json.WriteInstances(v1, request.Inputs);
            return new WirePayload(v1, null, MediaTypes.Json);
        }

        IReadOnlyList<Tensor> inputs = Named(request.TensorsAs(metadata), metadata);
        string? id = request.Id ?? request.IdFrom?.Id;
        return target == PredictorProtocol.GrpcV2
            ? GrpcCodec.WriteRequest(request.Head, inputs, modelName, id)
            : V2Json.WriteRequest(
                request.BinaryTensors ? AskingForBinary(request.Head) : request.Head,
                inputs,
                id ?? Guid.NewGuid().ToString(),
                binary: request.BinaryTensors || (request.IdFrom ?? request).Form == WireForm.V2Binary);
    }

    private static InferHead AskingForBinary(InferHead head) => head with
    {
        Parameters = new Dictionary<string, object>(head.Parameters ?? new Dictionary<string, object>()) { ["binary_data_output"] = true },
    };

    private static bool IsForm(WireForm form, PredictorProtocol target) => target switch
    {
        PredictorProtocol.V1 => form == WireForm.V1,
        PredictorProtocol.V2 => form is WireForm.V2 or WireForm.V2Binary,
        _ => form == WireForm.Grpc,
    };

    private static WirePayload Verbatim(InferRequest request, PredictorProtocol target, string modelName)
    {
        switch (target)
        {
            case PredictorProtocol.V1:
                Check(request, request.Body.Span, "instances"u8, out int instances);
                return instances >= 0 && request.Body.Span[instances] != (byte)'['
                    ? throw V1Json.NotAList("instances")
                    : new WirePayload(request.Body, MediaTypes.Json);

            case PredictorProtocol.GrpcV2:
                return request.ModelName == modelName
                    ? new WirePayload(request.Body, null)
                    : GrpcCodec.Readdress(request.Body, modelName);

            default:
                bool binary = request.Form == WireForm.V2Binary;
                ReadOnlySpan<byte> json = binary ? request.Body.Span[..request.JsonLength] : request.Body.Span;
                Check(request, json, "id"u8, out int id);
                string type = binary ? MediaTypes.OctetStream : MediaTypes.Json;
                return id >= 0
                    ? new WirePayload(request.Body, type, request.JsonLength)
                    : V2Json.WithId(request.Body, type, request.JsonLength, Guid.NewGuid().ToString());
        }
    }

    /// <summary>What nobody here has read is still looked at for its outline: what is no JSON goes no further.</summary>
    private static void Check(InferRequest request, ReadOnlySpan<byte> json, ReadOnlySpan<byte> key, out int valueAt)
    {
        if (request.Form == WireForm.V1 && JsonOutline.IsScalar(json))
        {
            // A V1 document may be any JSON value; a bare one is small enough to read.
            valueAt = -1;
            _ = request.Json;
            return;
        }

        if (JsonOutline.Check(json, request.MaxDepth, key, out valueAt) is { } error)
        {
            throw JsonParsing.Unrecognized(error);
        }
    }

    /// <summary>Gives unnamed tensors the names the predictor knows its inputs by.</summary>
    internal static IReadOnlyList<Tensor> Named(IReadOnlyList<Tensor> inputs, IReadOnlyList<TensorMetadata>? metadata)
    {
        if (metadata is null || !inputs.Any(static t => t.Name.Length == 0))
        {
            return inputs;
        }

        return [.. inputs.Select((t, i) => t.Name.Length == 0 && i < metadata.Count ? t.With(metadata[i].Name) : t)];
    }
}
