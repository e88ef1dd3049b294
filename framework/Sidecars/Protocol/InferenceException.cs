using System.Text.Json.Nodes;

namespace Sidecars;

/// <summary>
/// The one exception whose message reaches the caller. A hook throws it to refuse a request; anything else a hook
/// throws becomes a plain "Internal server error" for the caller and goes to the log in full.
/// </summary>
/// <remarks>The factories carry the names and the texts of KServe's own errors.</remarks>
public sealed class InferenceException : Exception
{
    /// <summary>Makes an error of a given kind.</summary>
    /// <param name="kind">Who is at fault, and which status that means.</param>
    /// <param name="message">What the caller reads.</param>
    /// <param name="innerException">What only the log shows.</param>
    public InferenceException(ErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>Which error this is; it decides the HTTP and the gRPC status.</summary>
    public ErrorKind Kind { get; }

    /// <summary>The predictor's own HTTP status, when <see cref="Kind"/> is <see cref="ErrorKind.PredictorStatus"/>.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The predictor's own gRPC status code, when it answered over gRPC.</summary>
    public int? GrpcStatus { get; init; }

    /// <summary>Seconds after which a caller may try again, sent as <c>Retry-After</c>; null for none.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Which field of the request is wrong, for callers whose protocol tells it apart from the message.</summary>
    internal string? Parameter { get; init; }

    /// <summary>The predictor's own error object, for callers that speak its protocol.</summary>
    internal JsonObject? PredictorError { get; init; }

    /// <summary>The request is wrong: 400, INVALID_ARGUMENT.</summary>
    public static InferenceException InvalidInput(string reason) => new(ErrorKind.InvalidInput, reason);

    /// <summary>No such model: 404, NOT_FOUND.</summary>
    public static InferenceException ModelNotFound(string name) =>
        new(ErrorKind.ModelNotFound, $"Model with name {name} does not exist.");

    /// <summary>The model is not ready: 503, UNAVAILABLE.</summary>
    public static InferenceException ModelNotReady(string name, string? detail = null) =>
        new(ErrorKind.ModelNotReady, $"Model with name {name} is not ready." + (detail is null ? "" : " " + detail));

    /// <summary>The server is not ready: 503, UNAVAILABLE.</summary>
    public static InferenceException ServerNotReady() => new(ErrorKind.ServerNotReady, "Server is not ready.");

    /// <summary>The server is not live: 503, UNAVAILABLE.</summary>
    public static InferenceException ServerNotLive() => new(ErrorKind.ServerNotLive, "Server is not live.");

    /// <summary>The model failed on this request: 500, INVALID_ARGUMENT (as KServe sends it over gRPC).</summary>
    public static InferenceException InferenceError(string reason, string? status = null) =>
        new(ErrorKind.InferenceError, status is null ? reason : $"[{status}] {reason}");

    /// <summary>Nothing here does that: 501, UNIMPLEMENTED.</summary>
    public static InferenceException NotImplemented(string message) => new(ErrorKind.NotImplemented, message);

    /// <summary>The protocol is not one of ours: 501, INVALID_ARGUMENT (as KServe sends it over gRPC).</summary>
    public static InferenceException UnsupportedProtocol(string protocol) =>
        new(ErrorKind.UnsupportedProtocol, $"Unsupported protocol {protocol}.");
}
