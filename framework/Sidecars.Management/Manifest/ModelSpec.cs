namespace Sidecars.Management;

/// <summary>A model for one of KServe's runtimes; the container's fields override the runtime's.</summary>
public sealed class ModelSpec : ContainerSpec
{
    /// <summary>What kind of model it is. Required.</summary>
    public ModelFormat? ModelFormat { get; set; }

    /// <summary>What it speaks: <c>v1</c>, <c>v2</c>, <c>grpc-v1</c> or <c>grpc-v2</c>.</summary>
    public string? ProtocolVersion { get; set; }

    /// <summary>The ServingRuntime by name; null lets KServe choose one by the format.</summary>
    public string? Runtime { get; set; }

    /// <summary>Where the model lies: <c>s3://</c>, <c>gs://</c>, <c>pvc://</c>, <c>https://</c>, <c>oci://</c>, <c>hf://</c>.</summary>
    public string? StorageUri { get; set; }
}
