using Microsoft.Extensions.Logging;
using Sidecars.Telemetry;

namespace Sidecars.Pipeline;

/// <summary>A model under one of its names, with what is looked up once for it and used for every call.</summary>
internal sealed class RegisteredModel(string name, Model model, IExplainer? explainer, StageMetrics stages, ILogger logger)
{
    public string Name { get; } = name;

    public Model Model { get; } = model;

    /// <summary>What answers in the place of the model's own Explain; null for nothing.</summary>
    public IExplainer? Explainer { get; } = explainer;

    /// <summary>Whether something answers <c>:explain</c> for it.</summary>
    public bool Explains { get; } = explainer is not null || model.Explains;

    /// <summary>Whether the repository API took the name away; it can bring it back.</summary>
    public bool Unloaded { get; set; }

    public ILogger Logger { get; } = logger;

    public StageSeries Preprocess { get; } = stages.Preprocess.For(name);

    public StageSeries Predict { get; } = stages.Predict.For(name);

    public StageSeries Explain { get; } = stages.Explain.For(name);

    public StageSeries Postprocess { get; } = stages.Postprocess.For(name);

    /// <summary>What the model declares of its inputs, asked once: it types the tensors of every V1 request.</summary>
    public IReadOnlyList<TensorMetadata>? DeclaredInputs { get; } = model.Inputs is { Count: > 0 } inputs ? inputs : null;

    public IReadOnlyList<TensorMetadata>? DeclaredOutputs { get; } = model.Outputs is { Count: > 0 } outputs ? outputs : null;
}
