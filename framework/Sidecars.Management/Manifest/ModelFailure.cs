namespace Sidecars.Management;

/// <summary>Why a model could not be loaded.</summary>
public sealed class ModelFailure : ManifestPart
{
    /// <summary>A word for it: <c>ModelLoadFailed</c>, <c>NoSupportingRuntime</c>, …</summary>
    public string? Reason { get; set; }

    /// <summary>What the container said.</summary>
    public string? Message { get; set; }

    /// <summary>The exit code of the container that failed.</summary>
    public int? ExitCode { get; set; }
}
