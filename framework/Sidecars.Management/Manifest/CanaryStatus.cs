namespace Sidecars.Management;

/// <summary>How far a version of <see cref="InferenceServiceSpec.Canary"/> is.</summary>
public sealed class CanaryStatus : ManifestPart
{
    /// <summary>Its name.</summary>
    public string? Name { get; set; }

    /// <summary>Whether its pods are ready.</summary>
    public bool Ready { get; set; }

    /// <summary>Its share of the requests, 0 to 100.</summary>
    public int TrafficPercent { get; set; }
}
