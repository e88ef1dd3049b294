namespace Sidecars.Management;

/// <summary>How far a component is.</summary>
public sealed class ComponentStatus : ManifestPart
{
    /// <summary>Where it is reached.</summary>
    public string? Url { get; set; }

    /// <summary>Knative: the newest revision.</summary>
    public string? LatestCreatedRevision { get; set; }

    /// <summary>Knative: the newest revision that is ready.</summary>
    public string? LatestReadyRevision { get; set; }

    /// <summary>Knative: the newest revision that took all requests; a canary needs one.</summary>
    public string? LatestRolledoutRevision { get; set; }

    /// <summary>Knative: the one that took all before that.</summary>
    public string? PreviousRolledoutRevision { get; set; }

    /// <summary>Knative: who gets how much.</summary>
    public IList<TrafficTarget>? Traffic { get; set; }
}
