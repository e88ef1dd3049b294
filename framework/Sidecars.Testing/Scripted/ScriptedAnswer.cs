using Sidecars.Protocol;

namespace Sidecars.Testing.Scripted;

/// <summary>An answer as bytes of a protocol, made by the same encoders as every other answer.</summary>
internal sealed record ScriptedAnswer(byte[] Body, string? ContentType, int JsonLength)
{
    public static ScriptedAnswer Of(PredictorStep step, ReceivedCall call)
    {
        if (step.Bytes is { } raw)
        {
            return new ScriptedAnswer(raw.Body.ToArray(), raw.ContentType, -1);
        }

        InferResponse response = step.Respond!(call);
        InferenceProtocol protocol = call.Protocol switch
        {
            PredictorProtocol.V1 => InferenceProtocol.V1,
            PredictorProtocol.V2 => InferenceProtocol.V2,
            _ => InferenceProtocol.Grpc,
        };
        using WirePayload payload = ResponseEncoder.Encode(response, protocol, call.Request, call.ModelName);
        return new ScriptedAnswer(Flatten(payload), payload.ContentType, payload.JsonLength);
    }

    public static byte[] Flatten(WirePayload payload)
    {
        byte[] all = new byte[payload.Length];
        int at = 0;
        foreach (ReadOnlyMemory<byte> segment in payload.Segments)
        {
            segment.CopyTo(all.AsMemory(at));
            at += segment.Length;
        }

        return all;
    }
}
