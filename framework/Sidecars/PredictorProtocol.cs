namespace Sidecars;

/// <summary>The protocol spoken towards the predictor.</summary>
public enum PredictorProtocol
{
    /// <summary>KServe V1 over HTTP; <c>v1</c> on the command line.</summary>
    V1,

    /// <summary>Open Inference Protocol V2 over HTTP; <c>v2</c> on the command line.</summary>
    V2,

    /// <summary>Open Inference Protocol V2 over gRPC; <c>grpc-v2</c> on the command line.</summary>
    GrpcV2,
}
