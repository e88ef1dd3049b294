namespace Sidecars.Management;

/// <summary>
/// A predictor, transformer or explainer: a pod's spec with KServe's own fields beside it. Fields of the pod's spec that
/// have no property here go into <see cref="ManifestPart.Additional"/>.
/// </summary>
public class ComponentSpec : ManifestPart
{
    /// <summary>The containers; the first is the component's own, by the name <c>kserve-container</c>.</summary>
    public IList<ContainerSpec>? Containers { get; set; }

    /// <summary>The fewest pods; 0 lets Knative scale to zero. Null leaves it to KServe (1).</summary>
    public int? MinReplicas { get; set; }

    /// <summary>The most pods; null for no limit of ours, 0 for none.</summary>
    public int? MaxReplicas { get; set; }

    /// <summary>The value of <see cref="ScaleMetric"/> that a pod should be at.</summary>
    public int? ScaleTarget { get; set; }

    /// <summary>What to scale by: <c>cpu</c>, <c>memory</c>, <c>concurrency</c> or <c>rps</c>.</summary>
    public string? ScaleMetric { get; set; }

    /// <summary>What the target counts: <c>Utilization</c> or <c>AverageValue</c>.</summary>
    public string? ScaleMetricType { get; set; }

    /// <summary>The most requests at a time in one pod; also given to the container as <c>--workers</c>. Null or 0: no limit.</summary>
    public long? ContainerConcurrency { get; set; }

    /// <summary>How long a request may take, in seconds, as the platform enforces it.</summary>
    public long? Timeout { get; set; }

    /// <summary>
    /// Knative mode: the share of requests, 0 to 100, for the newest revision; the rest goes to the last that took all.
    /// Null gives it everything. Standard mode ignores it.
    /// </summary>
    public long? CanaryTrafficPercent { get; set; }

    /// <summary>Where requests and answers are logged to; null for nowhere.</summary>
    public LoggerSpec? Logger { get; set; }

    /// <summary>Whether and how KServe's agent merges requests; null for not.</summary>
    public BatcherSpec? Batcher { get; set; }

    /// <summary>Models or data to download before the start.</summary>
    public IList<StorageUriSpec>? StorageUris { get; set; }

    /// <summary>The account that the pods run under, with the secrets for the storage.</summary>
    public string? ServiceAccountName { get; set; }

    /// <summary>Labels for the pods.</summary>
    public IDictionary<string, string>? Labels { get; set; }

    /// <summary>Annotations for the pods.</summary>
    public IDictionary<string, string>? Annotations { get; set; }
}
