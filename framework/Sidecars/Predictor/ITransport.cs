using Sidecars.Protocol;

namespace Sidecars.Predictor;

/// <summary>One protocol's way to a predictor.</summary>
internal interface ITransport : IAsyncDisposable
{
    ValueTask<InferResponse> SendAsync(WirePayload payload, PredictorCall call, InferenceVerb verb, CallLimit limit);

    ValueTask<bool> IsServerLiveAsync(CancellationToken cancellation);

    ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation);

    ValueTask<bool> IsModelReadyAsync(string modelName, CancellationToken cancellation);

    ValueTask<ModelMetadata?> GetModelMetadataAsync(string modelName, CancellationToken cancellation);
}
