namespace Sidecars.Management;

/// <summary>A kind of model: <c>sklearn</c>, <c>onnx</c>, <c>huggingface</c>, …</summary>
public sealed class ModelFormat : ManifestPart
{
    /// <summary>Its name. Required.</summary>
    public string? Name { get; set; }

    /// <summary>Its version; null for any.</summary>
    public string? Version { get; set; }
}
