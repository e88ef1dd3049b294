namespace Sidecars;

/// <summary>The protocol a caller speaks.</summary>
public enum InferenceProtocol
{
    /// <summary>KServe V1 over REST.</summary>
    V1,

    /// <summary>The Open Inference Protocol over REST, with or without binary tensors.</summary>
    V2,

    /// <summary>The Open Inference Protocol over gRPC.</summary>
    Grpc,

    /// <summary>OpenAI's API over REST: the routes of an <see cref="OpenAIProxyModel"/>.</summary>
    OpenAI,
}
