namespace Sidecars.Management;

/// <summary>A predictor: a model for one of KServe's runtimes, or containers of one's own.</summary>
public sealed class PredictorSpec : ComponentSpec
{
    /// <summary>
    /// A name in the Deployment's name, <c>{service}-{name}-predictor</c>. Required for a canary of
    /// <see cref="InferenceServiceSpec.Canary"/>; null otherwise.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>The model; null when <see cref="ComponentSpec.Containers"/> serve it.</summary>
    public ModelSpec? Model { get; set; }
}
