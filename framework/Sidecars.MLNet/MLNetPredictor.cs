namespace Sidecars.MLNet;

/// <summary>An ML.NET model that answers predictions in this process, as a remote predictor would. Thread-safe.</summary>
public sealed class MLNetPredictor : IEmbeddedPredictor, IDisposable
{
    private readonly string _path;
    private readonly MLNetOptions _options;
    private MLNetPipeline? _pipeline;

    /// <summary>Names the file; <see cref="LoadAsync"/> reads it.</summary>
    /// <param name="path">The <c>.zip</c> that <c>MLContext.Model.Save</c> wrote.</param>
    /// <param name="options">Which columns to give out; null for the defaults.</param>
    public MLNetPredictor(string path, MLNetOptions? options = null)
    {
        _path = path;
        _options = options ?? new MLNetOptions();
    }

    /// <inheritdoc/>
    /// <exception cref="SidecarConfigurationException">There is no such file, or it cannot be served.</exception>
    public ValueTask LoadAsync(CancellationToken cancellation)
    {
        _pipeline ??= MLNetPipeline.Load(_path, _options);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<InferResponse> InferAsync(InferRequest request, PredictorCall call, CancellationToken cancellation = default)
    {
        MLNetPipeline pipeline = _pipeline ?? throw InferenceException.ModelNotReady(call.ModelName);
        IReadOnlyList<Tensor> outputs = pipeline.Transform(request);
        return new(InferResponse.FromTensors(request.RequestedOutputs is { } wishes ? Select(outputs, wishes, call.ModelName) : outputs));
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation = default) => new(_pipeline is not null);

    /// <inheritdoc/>
    public ValueTask<bool> IsModelReadyAsync(string modelName, CancellationToken cancellation = default) => new(_pipeline is not null);

    /// <inheritdoc/>
    public ValueTask<ModelMetadata?> GetModelMetadataAsync(string modelName, CancellationToken cancellation = default) =>
        new(_pipeline is { } pipeline ? new ModelMetadata(modelName, "mlnet", pipeline.Inputs, pipeline.Outputs) : null);

    /// <summary>Releases the model.</summary>
    public void Dispose() => _pipeline?.Dispose();

    /// <summary>The outputs asked for, in the order asked for, as any other predictor gives them.</summary>
    private static Tensor[] Select(IReadOnlyList<Tensor> outputs, IReadOnlyList<RequestedOutput> wishes, string model) =>
    [
        .. wishes.Select(wish => outputs.FirstOrDefault(t => t.Name == wish.Name)
            ?? throw InferenceException.InvalidInput($"Unexpected inference output '{wish.Name}' for model '{model}'")),
    ];
}
