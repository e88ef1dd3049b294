using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sidecars.Pipeline;
using Sidecars.Telemetry;

namespace Sidecars.Serving;

/// <summary>What every protocol's endpoint needs to take a call: models, limits, context, records.</summary>
internal sealed class CallHost(
    ModelRegistry models,
    IPredictor predictor,
    ConcurrencyGate gate,
    CallFailure failure,
    SidecarMetrics metrics,
    RequestLog log,
    SidecarOptions options,
    TimeProvider time)
{
    private readonly ForwardedHeaders _forwarded = new(options.ForwardHeaders);

    public ModelRegistry Models => models;

    public ConcurrencyGate Gate => gate;

    public CallFailure Failure => failure;

    public SidecarOptions Options => options;

    public TimeProvider Time => time;

    public InferenceContext NewContext(
        HttpContext http,
        RegisteredModel registered,
        InferenceVerb verb,
        InferenceProtocol protocol,
        in CallDeadline deadline) =>
        new(registered.Name, predictor)
        {
            PredictorModelName = options.PredictorModelName ?? registered.Model.Name,
            Verb = verb,
            Protocol = protocol,
            Headers = http.Request.Headers,
            HttpContext = http,
            Logger = registered.Logger,
            Forwarded = _forwarded,
            Time = time,
            Deadline = deadline.At,
            Cancellation = deadline.Token,
        };

    /// <summary>Counts a finished call and writes its latency line; KServe writes one only for calls that succeeded.</summary>
    public void Record(InferenceContext context, InferenceException? error)
    {
        metrics.CountRequest(new RequestLabels(
            context.ModelName,
            context.Verb == InferenceVerb.Explain ? "explain" : "predict",
            context.Protocol switch { InferenceProtocol.V1 => "v1", InferenceProtocol.V2 => "v2", InferenceProtocol.OpenAI => "openai", _ => "grpc-v2" },
            error is null ? "ok" : error.Kind.ToString()));
        if (error is null && log.LatencyEnabled)
        {
            StageTimes times = context.Times;
            log.Latency(
                context.Headers.TryGetValue("x-request-id", out var id) ? id.ToString() : null,
                times.Preprocess * 1000,
                context.Verb == InferenceVerb.Explain ? times.Explain * 1000 : null,
                context.Verb == InferenceVerb.Predict ? times.Predict * 1000 : null,
                times.Postprocess * 1000);
        }
    }
}
