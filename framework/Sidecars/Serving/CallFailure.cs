using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sidecars.Pipeline;
using Sidecars.Telemetry;

namespace Sidecars.Serving;

/// <summary>Turns whatever a call threw into the error its caller may see; the rest goes to the log.</summary>
internal sealed partial class CallFailure(SidecarMetrics metrics, SidecarOptions options, ILoggerFactory logs)
{
    private readonly ILogger _log = logs.CreateLogger("Sidecars.Requests");

    /// <summary>Reads the error, logs it and counts it.</summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="model">The model's name, when it is one of ours.</param>
    /// <param name="context">The call, as far as it got.</param>
    /// <param name="callerGone">Whether the caller hung up.</param>
    /// <param name="requestId">What the log line and an internal error's text carry.</param>
    /// <param name="late">Whether the deadline passed before there was a context to know it.</param>
    public InferenceException Read(
        Exception e, string? model, InferenceContext? context, bool callerGone, string requestId, bool late = false)
    {
        Stage stage = context?.Stage ?? Stage.Decode;
        late |= context is { Deadline: not null, Cancellation.IsCancellationRequested: true };
        InferenceException error = Translate(e, stage, callerGone, late, requestId);
        LogLevel level = ErrorStatus.Level(error.Kind);
        if (_log.IsEnabled(level))
        {
            (string reason, Exception? details) = Told(error, e, _log.IsEnabled(LogLevel.Debug));
            Log.Failed(_log, level, model ?? "?", stage, error.Kind, reason, requestId, details);
        }

        metrics.CountError(new ErrorLabels(model ?? "", StageName(stage), error.Kind.ToString()));
        return error;
    }

    /// <summary>
    /// What the log says of it. A predictor that is away fails every request for a reason that stands in one line: a stack of the
    /// HTTP client for each would bury it, so that comes at the level DEBUG. The caller is not told the reason.
    /// </summary>
    internal static (string Reason, Exception? Details) Told(InferenceException error, Exception thrown, bool debug) => error.Kind switch
    {
        ErrorKind.Internal => (error.Message, thrown),
        ErrorKind.PredictorUnreachable or ErrorKind.PredictorBody or ErrorKind.PredictorStatus or ErrorKind.PredictorTimeout when !debug =>
            (error.InnerException is { } inner ? $"{error.Message} {inner.GetBaseException().Message}" : error.Message, null),
        _ => (error.Message, error.InnerException),
    };

    private InferenceException Translate(Exception e, Stage stage, bool callerGone, bool late, string requestId)
    {
        switch (e)
        {
            case InferenceException known when known.Kind != ErrorKind.Internal:
                return known;
            case OperationCanceledException or IOException when callerGone:
                return new InferenceException(ErrorKind.Canceled, "The caller went away.", e);
            case OperationCanceledException when late:
                string limit = options.RequestTimeout is { } timeout
                    ? string.Create(CultureInfo.InvariantCulture, $" of {timeout.TotalSeconds:0.###} s (--request_timeout_seconds)")
                    : "";
                return new InferenceException(ErrorKind.DeadlineExceeded, $"The request did not finish within its deadline{limit}: it was in {StageName(stage)}.", e);
            default:
                return new InferenceException(ErrorKind.Internal, $"Internal server error. Request id: {requestId}", e);
        }
    }

    private static string StageName(Stage stage) => stage switch
    {
        Stage.Decode => "decode",
        Stage.Preprocess => "preprocess",
        Stage.Predict => "predict",
        Stage.Explain => "explain",
        Stage.Postprocess => "postprocess",
        _ => "encode",
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 10, Message = "Request to {Model} failed in {Stage}: {Kind}: {Reason} (request id {RequestId})")]
        public static partial void Failed(
            ILogger logger, LogLevel level, string model, Stage stage, ErrorKind kind, string reason, string requestId, Exception? e);
    }
}
