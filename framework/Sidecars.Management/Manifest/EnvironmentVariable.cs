namespace Sidecars.Management;

/// <summary>An environment variable. <c>valueFrom</c> is kept in <see cref="ManifestPart.Additional"/>.</summary>
public sealed class EnvironmentVariable : ManifestPart
{
    /// <summary>Its name.</summary>
    public string? Name { get; set; }

    /// <summary>Its value; null when it comes from elsewhere.</summary>
    public string? Value { get; set; }
}
