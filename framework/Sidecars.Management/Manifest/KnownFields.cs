using System.Collections.Frozen;

namespace Sidecars.Management.Manifest;

/// <summary>
/// The fields that v1beta1 has where typos hurt: KServe's full CRD drops what it does not know without a word, the minimal
/// one keeps it, and nothing happens either way.
/// </summary>
internal static class KnownFields
{
    /// <summary>Those of every component beyond the properties of <see cref="ComponentSpec"/>: the pod's spec and extensions.</summary>
    public static readonly FrozenSet<string> Component =
    [
        "activeDeadlineSeconds", "affinity", "autoScaling", "automountServiceAccountToken", "deploymentStrategy", "dnsConfig",
        "dnsPolicy", "enableServiceLinks", "ephemeralContainers", "hostAliases", "hostIPC", "hostNetwork", "hostPID", "hostUsers",
        "hostname", "hostnameOverride", "imagePullSecrets", "initContainers", "nodeName", "nodeSelector", "os", "overhead",
        "preemptionPolicy", "priority", "priorityClassName", "readinessGates", "resourceClaims", "resources", "restartPolicy",
        "runtimeClassName", "schedulerName", "schedulingGates", "securityContext", "serviceAccount", "setHostnameAsFQDN",
        "shareProcessNamespace", "subdomain", "terminationGracePeriodSeconds", "tolerations", "topologySpreadConstraints", "volumes",
    ];

    /// <summary>Frameworks that may stand in a predictor in the place of <c>model</c>.</summary>
    public static readonly FrozenSet<string> Frameworks =
        ["sklearn", "xgboost", "tensorflow", "pytorch", "triton", "onnx", "huggingface", "pmml", "lightgbm", "paddle"];

    /// <summary>Others that only a predictor has.</summary>
    public static readonly FrozenSet<string> Predictor = ["storageContainerName", "workerSpec"];

    /// <summary>What people write for something else, and what to write.</summary>
    public static readonly FrozenDictionary<string, string> Mistaken = new Dictionary<string, string>
    {
        ["timeoutSeconds"] = "the field is called timeout",
        ["alibi"] = "it was removed in KServe 0.13; use containers",
        ["aix"] = "it was removed; use containers",
        ["newModel"] = "it never existed; a canary is canaryTrafficPercent, or spec.canary in Standard mode",
        ["canary"] = "a canary stands at spec.canary (Standard mode), or is canaryTrafficPercent on the component (Knative mode)",
        ["default"] = "it is v1alpha2; use predictor",
        ["canaryTrafficPercent"] = "it stands on the component, such as spec.predictor",
    }.ToFrozenDictionary();
}
