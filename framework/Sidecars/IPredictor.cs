namespace Sidecars;

/// <summary>
/// Whoever answers predictions: a KServe service (<see cref="InferenceClient"/>), a model in this process, or a script
/// in a test.
/// </summary>
public interface IPredictor
{
    /// <summary>Asks for one prediction.</summary>
    /// <param name="request">The request, in any form; it is encoded for the protocol this predictor speaks.</param>
    /// <param name="call">The model, the headers to send along and the time it may take.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InferenceException">Unreachable, out of time, refused, or answered what cannot be read.</exception>
    ValueTask<InferResponse> InferAsync(InferRequest request, PredictorCall call, CancellationToken cancellation = default);

    /// <summary>Whether the server as a whole is ready.</summary>
    /// <exception cref="InferenceException">It cannot be reached.</exception>
    ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation = default);

    /// <summary>Whether one model is ready.</summary>
    /// <exception cref="InferenceException">It cannot be reached.</exception>
    ValueTask<bool> IsModelReadyAsync(string modelName, CancellationToken cancellation = default);

    /// <summary>The model's inputs and outputs; null when the server does not tell.</summary>
    ValueTask<ModelMetadata?> GetModelMetadataAsync(string modelName, CancellationToken cancellation = default);
}
