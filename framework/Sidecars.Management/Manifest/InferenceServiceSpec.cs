namespace Sidecars.Management;

/// <summary>What an InferenceService is made of.</summary>
public sealed class InferenceServiceSpec : ManifestPart
{
    /// <summary>The model's own server. Required.</summary>
    public PredictorSpec? Predictor { get; set; }

    /// <summary>What stands before and after the predictor; null for nothing.</summary>
    public ComponentSpec? Transformer { get; set; }

    /// <summary>What answers <c>:explain</c>; null for nothing.</summary>
    public ComponentSpec? Explainer { get; set; }

    /// <summary>Other versions of the predictor that take part of the traffic; Standard mode of KServe 0.20 and later.</summary>
    public IList<CanarySpec>? Canary { get; set; }
}
