namespace Sidecars;

/// <summary>The closed list of what can go wrong with a request. Each has one HTTP and one gRPC status.</summary>
public enum ErrorKind
{
    /// <summary>The request cannot be read, or a hook refused it. 400, INVALID_ARGUMENT.</summary>
    InvalidInput,

    /// <summary>No model of that name. 404, NOT_FOUND.</summary>
    ModelNotFound,

    /// <summary>The model is registered and not ready. 503, UNAVAILABLE.</summary>
    ModelNotReady,

    /// <summary>The server is not ready. 503, UNAVAILABLE.</summary>
    ServerNotReady,

    /// <summary>The server is not live. 503, UNAVAILABLE.</summary>
    ServerNotLive,

    /// <summary>The model failed on this request. 500, INVALID_ARGUMENT.</summary>
    InferenceError,

    /// <summary>Nothing here does that. 501, UNIMPLEMENTED.</summary>
    NotImplemented,

    /// <summary>Not a protocol of ours. 501, INVALID_ARGUMENT.</summary>
    UnsupportedProtocol,

    /// <summary>The request is larger than the limit. 413, RESOURCE_EXHAUSTED.</summary>
    PayloadTooLarge,

    /// <summary>The caller stopped sending, or sent too slowly. 408, CANCELLED.</summary>
    RequestTimeout,

    /// <summary>More requests are waiting than the queue holds. 503 with Retry-After, RESOURCE_EXHAUSTED.</summary>
    Overloaded,

    /// <summary>The request's own deadline passed here. 504, DEADLINE_EXCEEDED.</summary>
    DeadlineExceeded,

    /// <summary>The predictor cannot be reached. 503, UNAVAILABLE.</summary>
    PredictorUnreachable,

    /// <summary>The predictor did not answer in time. 504, DEADLINE_EXCEEDED.</summary>
    PredictorTimeout,

    /// <summary>The predictor answered with an error of its own, which passes through.</summary>
    PredictorStatus,

    /// <summary>The predictor answered what cannot be read. 502, INTERNAL.</summary>
    PredictorBody,

    /// <summary>The caller went away. 499 in the log, CANCELLED.</summary>
    Canceled,

    /// <summary>Our fault. 500, INTERNAL, and no details for the caller.</summary>
    Internal,
}
