namespace Sidecars.Management;

/// <summary>Something to download before the start.</summary>
public sealed class StorageUriSpec : ManifestPart
{
    /// <summary>Where from. Required.</summary>
    public string? Uri { get; set; }

    /// <summary>Where to, beginning with <c>/</c>; <c>/mnt/models</c> when null.</summary>
    public string? MountPath { get; set; }
}
