namespace Sidecars.Management;

/// <summary>What is new in a canary, and where it runs.</summary>
public sealed record CanaryChange
{
    /// <summary>Where the new model lies; null for where the old one does.</summary>
    public string? StorageUri { get; init; }

    /// <summary>The new image of the component's own container; null for the old one.</summary>
    public string? Image { get; init; }

    /// <summary>Any other change of the component's spec; null for none.</summary>
    public Action<ComponentSpec>? Configure { get; init; }

    /// <summary>The component: <c>predictor</c>, <c>transformer</c> or <c>explainer</c>; Standard mode knows only the first.</summary>
    public string Component { get; init; } = "predictor";

    /// <summary>Standard mode: the name of the version in <c>spec.canary</c>.</summary>
    public string Name { get; init; } = "canary";

    /// <summary>How the service is run; null to read it from the service.</summary>
    public DeploymentMode? Mode { get; init; }

    /// <summary>Whether there is something new, or only another share of the traffic.</summary>
    internal bool IsChange => StorageUri is not null || Image is not null || Configure is not null;
}
