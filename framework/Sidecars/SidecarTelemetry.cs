namespace Sidecars;

/// <summary>
/// The names under which a sidecar can be observed: with <c>AddMeter(SidecarTelemetry.MeterName)</c> and
/// <c>AddSource(SidecarTelemetry.ActivitySourceName)</c>, or at <c>/metrics</c>. Durations are in seconds. The four
/// <c>request_*</c> names are those of KServe's own server.
/// </summary>
public static class SidecarTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Sidecars";

    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "Sidecars";

    /// <summary>Histogram of the time in Preprocess, in seconds, by <c>model_name</c>.</summary>
    public const string PreprocessSeconds = "request_preprocess_seconds";

    /// <summary>Histogram of the time in Postprocess, in seconds, by <c>model_name</c>.</summary>
    public const string PostprocessSeconds = "request_postprocess_seconds";

    /// <summary>Histogram of the time in Predict, in seconds, by <c>model_name</c>.</summary>
    public const string PredictSeconds = "request_predict_seconds";

    /// <summary>Histogram of the time in Explain, in seconds, by <c>model_name</c>.</summary>
    public const string ExplainSeconds = "request_explain_seconds";

    /// <summary>Counter of requests by <c>model_name</c>, <c>verb</c>, <c>protocol</c> and <c>outcome</c>;
    /// <c>sidecar_requests_total</c> at <c>/metrics</c>.</summary>
    public const string Requests = "sidecar_requests";

    /// <summary>Counter of errors by <c>model_name</c>, <c>stage</c> and <c>kind</c>;
    /// <c>sidecar_errors_total</c> at <c>/metrics</c>.</summary>
    public const string Errors = "sidecar_errors";

    /// <summary>Gauge of the requests being worked on.</summary>
    public const string RequestsInFlight = "sidecar_requests_in_flight";

    /// <summary>Gauge of the requests waiting for their turn.</summary>
    public const string RequestsQueued = "sidecar_requests_queued";
}
