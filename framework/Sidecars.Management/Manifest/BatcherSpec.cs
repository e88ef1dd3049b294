namespace Sidecars.Management;

/// <summary>How KServe's agent merges V1 requests before the container sees them.</summary>
public sealed class BatcherSpec : ManifestPart
{
    /// <summary>How many instances make a batch; KServe's default is 32.</summary>
    public int? MaxBatchSize { get; set; }

    /// <summary>How long the first may wait, in milliseconds; KServe's default is 5000.</summary>
    public int? MaxLatency { get; set; }

    /// <summary>How long a batch may take, in seconds.</summary>
    public int? Timeout { get; set; }
}
