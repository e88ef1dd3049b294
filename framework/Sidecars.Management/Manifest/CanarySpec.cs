namespace Sidecars.Management;

/// <summary>Another version of the predictor, beside the stable one, in Standard mode.</summary>
public sealed class CanarySpec : ManifestPart
{
    /// <summary>The version; its <see cref="PredictorSpec.Name"/> is required and unique.</summary>
    public PredictorSpec? Predictor { get; set; }

    /// <summary>Its share of the requests, 0 to 100.</summary>
    public int? TrafficPercent { get; set; }
}
