namespace Sidecars.Management;

/// <summary>How far the predictor's model is.</summary>
public sealed class ModelStatus : ManifestPart
{
    /// <summary><c>UpToDate</c>, <c>InProgress</c>, <c>BlockedByFailedLoad</c> or <c>InvalidSpec</c>.</summary>
    public string? TransitionStatus { get; set; }

    /// <summary>What went wrong last; null when nothing did.</summary>
    public ModelFailure? LastFailureInfo { get; set; }
}
