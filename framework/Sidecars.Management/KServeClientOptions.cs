using k8s;

namespace Sidecars.Management;

/// <summary>
/// Where the cluster is and who asks. With nothing set: the service account when the process runs in a pod, else the
/// kubeconfig that kubectl would take (<c>KUBECONFIG</c>, <c>~/.kube/config</c>) and its current context.
/// </summary>
public sealed class KServeClientOptions
{
    /// <summary>A kubeconfig file; null for the usual places.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>A context of the kubeconfig; null for its current one.</summary>
    public string? Context { get; init; }

    /// <summary>A configuration made elsewhere, which wins over <see cref="Kubeconfig"/> and <see cref="Context"/>.</summary>
    public KubernetesClientConfiguration? Configuration { get; init; }

    /// <summary>
    /// The namespace for calls that name none, where the object does not either. Null: the context's, in a pod the service
    /// account's, else <c>default</c>.
    /// </summary>
    public string? Namespace { get; init; }

    /// <summary>Who owns the fields that are set, as server-side apply sees it. Default: <c>sidecars</c>.</summary>
    public string FieldManager { get; init; } = "sidecars";

    /// <summary>The clock; tests bring their own.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
