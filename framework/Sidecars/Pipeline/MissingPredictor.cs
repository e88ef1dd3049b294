namespace Sidecars.Pipeline;

/// <summary>Stands where no predictor is configured, and says so.</summary>
internal sealed class MissingPredictor : IPredictor
{
    public static readonly MissingPredictor Instance = new();

    public ValueTask<InferResponse> InferAsync(InferRequest request, PredictorCall call, CancellationToken cancellation = default) =>
        ValueTask.FromException<InferResponse>(InferenceException.NotImplemented("Could not find predictor_host."));

    public ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation = default) => new(true);

    public ValueTask<bool> IsModelReadyAsync(string modelName, CancellationToken cancellation = default) => new(true);

    public ValueTask<ModelMetadata?> GetModelMetadataAsync(string modelName, CancellationToken cancellation = default) =>
        new((ModelMetadata?)null);
}
