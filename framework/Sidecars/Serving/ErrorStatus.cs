using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Sidecars.Serving;

/// <summary>The one place where an error becomes a status: of HTTP, of gRPC, and of the log.</summary>
internal static class ErrorStatus
{
    private const int ClientClosedRequest = 499;

    public static int Http(InferenceException e) => e.Kind switch
    {
        ErrorKind.InvalidInput => 400,
        ErrorKind.ModelNotFound => 404,
        ErrorKind.ModelNotReady or ErrorKind.ServerNotReady or ErrorKind.ServerNotLive => 503,
        ErrorKind.InferenceError => 500,
        ErrorKind.NotImplemented or ErrorKind.UnsupportedProtocol => 501,
        ErrorKind.PayloadTooLarge => 413,
        ErrorKind.RequestTimeout => 408,
        ErrorKind.Overloaded => 503,
        ErrorKind.DeadlineExceeded => 504,
        ErrorKind.PredictorUnreachable => 503,
        ErrorKind.PredictorTimeout => 504,
        ErrorKind.PredictorStatus => e.HttpStatus ?? FromGrpc((StatusCode)(e.GrpcStatus ?? (int)StatusCode.Internal)),
        ErrorKind.PredictorBody => 502,
        ErrorKind.Canceled => ClientClosedRequest,
        _ => 500,
    };

    public static StatusCode Grpc(InferenceException e) => e.Kind switch
    {
        // KServe sends these three with one code.
        ErrorKind.InvalidInput or ErrorKind.InferenceError or ErrorKind.UnsupportedProtocol => StatusCode.InvalidArgument,
        ErrorKind.ModelNotFound => StatusCode.NotFound,
        ErrorKind.ModelNotReady or ErrorKind.ServerNotReady or ErrorKind.ServerNotLive => StatusCode.Unavailable,
        ErrorKind.NotImplemented => StatusCode.Unimplemented,
        ErrorKind.PayloadTooLarge or ErrorKind.Overloaded => StatusCode.ResourceExhausted,
        ErrorKind.RequestTimeout or ErrorKind.Canceled => StatusCode.Cancelled,
        ErrorKind.DeadlineExceeded or ErrorKind.PredictorTimeout => StatusCode.DeadlineExceeded,
        ErrorKind.PredictorUnreachable => StatusCode.Unavailable,
        ErrorKind.PredictorStatus => e.GrpcStatus is { } code ? (StatusCode)code : FromHttp(e.HttpStatus ?? 500),
        _ => StatusCode.Internal,
    };

    /// <summary>The caller's fault is worth little noise, the predictor's a warning, ours an error.</summary>
    public static LogLevel Level(ErrorKind kind) => kind switch
    {
        ErrorKind.InferenceError or ErrorKind.Internal => LogLevel.Error,
        ErrorKind.PredictorUnreachable or ErrorKind.PredictorTimeout or ErrorKind.PredictorBody or ErrorKind.PredictorStatus
            or ErrorKind.Overloaded or ErrorKind.DeadlineExceeded => LogLevel.Warning,
        _ => LogLevel.Debug,
    };

    private static int FromGrpc(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange => 400,
        StatusCode.Unauthenticated => 401,
        StatusCode.PermissionDenied => 403,
        StatusCode.NotFound => 404,
        StatusCode.AlreadyExists or StatusCode.Aborted => 409,
        StatusCode.ResourceExhausted => 429,
        StatusCode.Cancelled => ClientClosedRequest,
        StatusCode.Unimplemented => 501,
        StatusCode.Unavailable => 503,
        StatusCode.DeadlineExceeded => 504,
        _ => 500,
    };

    private static StatusCode FromHttp(int status) => status switch
    {
        400 or 413 or 422 => StatusCode.InvalidArgument,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.NotFound,
        408 or 504 => StatusCode.DeadlineExceeded,
        409 => StatusCode.Aborted,
        429 => StatusCode.ResourceExhausted,
        501 => StatusCode.Unimplemented,
        502 or 503 => StatusCode.Unavailable,
        _ => StatusCode.Internal,
    };
}
