using Polly;
using Polly.Retry;

namespace Sidecars.Predictor;

/// <summary>When a call is tried again: nothing was connected, or the predictor said it cannot serve just now.</summary>
internal static class Retry
{
    public static ResiliencePipeline? Create(int retries, TimeProvider time) => retries <= 0
        ? null
        : new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = retries,
                ShouldHandle = new PredicateBuilder().Handle<InferenceException>(IsTransient),
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(1),
                UseJitter = true,
            })
            .Build();

    private static bool IsTransient(InferenceException e) =>
        e.Kind == ErrorKind.PredictorUnreachable
        || (e.Kind == ErrorKind.PredictorStatus && (e.HttpStatus == 503 || e.GrpcStatus == (int)Grpc.Core.StatusCode.Unavailable));
}
