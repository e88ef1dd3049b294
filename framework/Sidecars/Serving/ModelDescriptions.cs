using Sidecars.Pipeline;

namespace Sidecars.Serving;

/// <summary>What is told of models to those who want to ask them: inputs, outputs, an example.</summary>
internal sealed class ModelDescriptions(IPredictor predictor, SidecarOptions options)
{
    /// <summary>What is told of a model: its own declarations, else what an in-process predictor knows of it.</summary>
    public async ValueTask<ModelMetadata> MetadataAsync(RegisteredModel registered, CancellationToken cancellation)
    {
        Model model = registered.Model;
        IReadOnlyList<TensorMetadata> inputs = model.Inputs, outputs = model.Outputs;
        if (inputs.Count == 0 && outputs.Count == 0 && predictor is IEmbeddedPredictor
            && await predictor.GetModelMetadataAsync(options.PredictorModelName ?? model.Name, cancellation).ConfigureAwait(false) is { } embedded)
        {
            return embedded with { Name = registered.Name };
        }

        return new ModelMetadata(registered.Name, "", inputs, outputs);
    }

    /// <summary>A request to try a model with.</summary>
    public async ValueTask<ExampleRequest> ExampleAsync(RegisteredModel registered, CancellationToken cancellation) =>
        ExampleRequest.Of(registered, await MetadataAsync(registered, cancellation).ConfigureAwait(false));
}
