using System.Buffers;
using Google.Protobuf;
using Grpc.Core;

namespace Sidecars.Protocol;

/// <summary>
/// How messages meet gRPC's buffers. The two Infer messages go between the wire and our payloads with one copy; the
/// small ones are protobuf's own.
/// </summary>
internal static class GrpcMarshallers
{
    public const string Service = "inference.GRPCInferenceService";

    public static Marshaller<WirePayload> Payload { get; } = new(WritePayload, NotUsed<WirePayload>);

    /// <summary>A server's answer: sending it is the last that happens in a call, so its memory goes back here.</summary>
    public static Marshaller<WirePayload> LastPayload { get; } = new(
        static (payload, context) =>
        {
            WritePayload(payload, context);
            payload.Dispose();
        },
        NotUsed<WirePayload>);

    public static Marshaller<InferRequest> Request { get; } = new(NotUsed, context => Read(context, static body => new InferRequest(WireForm.Grpc, body, null)));

    public static Marshaller<InferResponse> Answer { get; } = new(
        NotUsed, context => Read(context, static body => new InferResponse(WireForm.Grpc, body, null) { FromPredictor = true }));

    public static Marshaller<T> Write<T>() where T : class, IMessage<T> => new(WriteMessage, NotUsed<T>);

    public static Marshaller<T> Read<T>(MessageParser<T> parser) where T : class, IMessage<T> =>
        new(WriteMessage, context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    private static void WritePayload(WirePayload payload, SerializationContext context)
    {
        context.SetPayloadLength(checked((int)payload.Length));
        IBufferWriter<byte> to = context.GetBufferWriter();
        foreach (ReadOnlyMemory<byte> segment in payload.Segments)
        {
            to.Write(segment.Span);
        }

        context.Complete();
    }

    private static T Read<T>(DeserializationContext context, Func<ReadOnlyMemory<byte>, T> make) where T : InferMessage
    {
        // gRPC's buffer is good only until this returns.
        ReadOnlySequence<byte> from = context.PayloadAsReadOnlySequence();
        byte[] body = ArrayPool<byte>.Shared.Rent(Math.Max(context.PayloadLength, 1));
        from.CopyTo(body);
        T message = make(body.AsMemory(0, context.PayloadLength));
        message.OwnRented(body);
        return message;
    }

    private static void WriteMessage<T>(T message, SerializationContext context) where T : IMessage<T>
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }

    private static T NotUsed<T>(DeserializationContext context) => throw new InvalidOperationException("This message is only sent.");

    private static void NotUsed<T>(T message, SerializationContext context) => throw new InvalidOperationException("This message is only received.");
}
