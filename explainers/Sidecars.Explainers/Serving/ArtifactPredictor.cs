using Sidecars.Onnx;

namespace Sidecars.Explainers.Serving;

/// <summary>
/// Answers predictions with an artefact's model where no predictor is given. Rows may be put as those to explain are:
/// features and categories by name.
/// </summary>
internal sealed class ArtifactPredictor(TabularExplainer explainer) : IEmbeddedPredictor
{
    public ValueTask LoadAsync(CancellationToken cancellation) => explainer.LoadAsync(cancellation);

    public ValueTask<InferResponse> InferAsync(InferRequest request, PredictorCall call, CancellationToken cancellation = default)
    {
        LoadedExplainers loaded = explainer.Loaded;
        if (loaded.Scorers.Model is not { } model)
        {
            return ValueTask.FromException<InferResponse>(InferenceException.NotImplemented("Could not find predictor_host."));
        }

        IReadOnlyList<Tensor> inputs = IsRows(model, loaded.Artifact.Schema) && request.Body is { IsEmpty: false } && request.Parameters is null
            ? [Rows(loaded.Rows.Read(request, asJson: true).Data, model.Inputs[0].Name)]
            : request.InputsFor(model.Inputs);
        return new(InferResponse.FromTensors(model.Run(inputs, cancellation: cancellation)));
    }

    public ValueTask<bool> IsServerReadyAsync(CancellationToken cancellation = default) => new(explainer.IsLoaded);

    public ValueTask<bool> IsModelReadyAsync(string modelName, CancellationToken cancellation = default) => new(explainer.IsLoaded);

    public ValueTask<ModelMetadata?> GetModelMetadataAsync(string modelName, CancellationToken cancellation = default) =>
        new(explainer.IsLoaded && explainer.Loaded.Scorers.Model is { } model
            ? new ModelMetadata(modelName, "onnxruntime", model.Inputs, model.Outputs)
            : null);

    /// <summary>Whether the model takes rows as the schema has them, in one tensor of floats.</summary>
    private static bool IsRows(OnnxModel model, TabularSchema schema) =>
        model.Inputs is [{ Datatype: Datatype.FP32, Shape: [_, var columns] }] && (columns < 0 || columns == schema.Features.Count);

    private static Tensor Rows(TabularData rows, string name) => Tensor.Create(name, rows.Values.ToArray(), rows.Rows, rows.Features);
}
