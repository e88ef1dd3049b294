namespace Sidecars.Management;

/// <summary>What the controller reports.</summary>
public sealed class InferenceServiceStatus : ManifestPart
{
    /// <summary>Where the service is reached from outside.</summary>
    public string? Url { get; set; }

    /// <summary>The generation of the spec that this speaks of.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>The mode the service is run in, where the controller says so.</summary>
    public string? DeploymentMode { get; set; }

    /// <summary><c>Ready</c> and what it is made of: <c>PredictorReady</c>, <c>TransformerReady</c>, <c>IngressReady</c>, …</summary>
    public IList<ServiceCondition>? Conditions { get; set; }

    /// <summary>By component: <c>predictor</c>, <c>transformer</c>, <c>explainer</c>.</summary>
    public IDictionary<string, ComponentStatus>? Components { get; set; }

    /// <summary>How far the predictor's model is.</summary>
    public ModelStatus? ModelStatus { get; set; }

    /// <summary>The other versions of <see cref="InferenceServiceSpec.Canary"/>.</summary>
    public IList<CanaryStatus>? CanaryStatuses { get; set; }

    /// <summary>The condition of a type; null when there is none.</summary>
    public ServiceCondition? Condition(string type) => Conditions?.FirstOrDefault(c => c.Type == type);
}
