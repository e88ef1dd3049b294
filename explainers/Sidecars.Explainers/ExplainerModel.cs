using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sidecars.Explainers.Serving;

namespace Sidecars.Explainers;

/// <summary>
/// The explainer as a server of its own. <c>:explain</c> answers with the explanation, <c>:predict</c> passes through to the
/// predictor or to the artefact's model; V2 and gRPC callers, for whom there is no route to explain, get the explanation as
/// the answer of an inference, in the form of MLServer's explainers.
/// </summary>
public sealed class ExplainerModel : Model
{
    private readonly TabularExplainer _explainer;
    private readonly IServiceProvider _services;

    /// <summary>Makes the model; <see cref="ExplainerSidecarExtensions.AddExplainer"/> does that.</summary>
    public ExplainerModel(TabularExplainer explainer, IServiceProvider services)
    {
        _explainer = explainer;
        _services = services;
    }

    /// <summary>The features; none before the artefact is read.</summary>
    public override IReadOnlyList<TensorMetadata> Inputs => !_explainer.IsLoaded ? [] :
    [
        .. _explainer.Artifact.Schema.Features.Select(static f =>
            new TensorMetadata(f.Name, f.IsCategorical ? Datatype.BYTES : Datatype.FP32, -1)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<TensorMetadata> Outputs { get; } = [new TensorMetadata("explanation", Datatype.BYTES, 1, 1)];

    /// <summary>A row of the artefact; none before it is read.</summary>
    public override JsonNode? Example => _explainer.ExampleRequest;

    /// <inheritdoc/>
    protected override async ValueTask LoadAsync(CancellationToken cancellation)
    {
        await _explainer.LoadAsync(cancellation).ConfigureAwait(false);
        if (_explainer.Artifact.ModelPath is null && _services.GetService<IPredictor>() is ArtifactPredictor)
        {
            throw new SidecarConfigurationException(
                $"The artefact in {_explainer.Artifact.Directory} has no 'model', and there is no predictor to score rows: "
                + "give one with --predictor_host, or put an ONNX file there and name it in explainer.json.");
        }

        Ready = true;
    }

    /// <inheritdoc/>
    protected override async ValueTask StopAsync(CancellationToken cancellation)
    {
        Ready = false;
        await _explainer.StopAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override ValueTask<InferResponse> ExplainAsync(InferRequest request, InferenceContext context) =>
        _explainer.ExplainAsync(request, context);

    /// <inheritdoc/>
    protected override ValueTask<InferResponse> PredictAsync(InferRequest request, InferenceContext context) =>
        context.Protocol == InferenceProtocol.V1 ? context.PredictAsync(request) : _explainer.ExplainV2Async(request, context);
}
