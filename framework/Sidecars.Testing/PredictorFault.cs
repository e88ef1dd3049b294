namespace Sidecars.Testing;

/// <summary>A way in which a predictor breaks.</summary>
public enum PredictorFault
{
    /// <summary>The connection (over gRPC: the stream) is reset before anything was answered.</summary>
    ConnectionReset,

    /// <summary>The request is taken and never answered, until the caller gives up.</summary>
    NoAnswer,

    /// <summary>Status 200 and bytes that are neither JSON nor protobuf.</summary>
    GarbageBody,

    /// <summary>Half of an answer, and then a reset.</summary>
    TruncatedBody,

    /// <summary>An answer that goes on until the caller gives up or takes no more.</summary>
    EndlessBody,
}
