namespace Sidecars.Management;

/// <summary>A revision's share of the requests.</summary>
public sealed class TrafficTarget : ManifestPart
{
    /// <summary>The revision.</summary>
    public string? RevisionName { get; set; }

    /// <summary>Whether it is the newest.</summary>
    public bool? LatestRevision { get; set; }

    /// <summary>Its share, 0 to 100.</summary>
    public long? Percent { get; set; }

    /// <summary>Its tag: <c>latest</c> or <c>prev</c>.</summary>
    public string? Tag { get; set; }
}
