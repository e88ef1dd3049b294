using System.Text.Json.Nodes;
using Sidecars.Protocol;

namespace Sidecars.Tool.Call;

/// <summary>An answer of any protocol as JSON: V1's own document, or V2's, without binary tensors.</summary>
internal static class AnswerJson
{
    public static JsonNode? Of(InferResponse response, InferRequest request, PredictorProtocol protocol, string model)
    {
        if (protocol == PredictorProtocol.V1)
        {
            return JsonNode.Parse(response.Json.GetRawText());
        }

        // A binary answer, and gRPC's, become the JSON that a caller without these would have got.
        InferResponse plain = response.Form == WireForm.V2
            ? response
            : InferResponse.FromTensors([.. response.Outputs]);
        using WirePayload payload = ResponseEncoder.Encode(plain, InferenceProtocol.V2, request, response.ModelName ?? model);
        var bytes = new List<byte>();
        foreach (ReadOnlyMemory<byte> segment in payload.Segments)
        {
            bytes.AddRange(segment.Span);
        }

        return JsonNode.Parse(bytes.ToArray());
    }
}
