using System.Text.RegularExpressions;
using Sidecars.Management.Manifest;

namespace Sidecars.Management;

/// <summary>
/// What KServe refuses, or drops without a word, beyond what the schema of its custom resource says. The check needs no
/// cluster.
/// </summary>
public static partial class ManifestRules
{
    private static readonly string[] s_metrics = ["cpu", "memory", "concurrency", "rps"];
    private static readonly string[] s_logModes = ["all", "request", "response"];
    private static readonly string[] s_notInCanary = ["autoScaling", "workerSpec"];

    /// <summary>What is wrong with a manifest; empty when nothing is.</summary>
    /// <returns>One sentence each, beginning with the field's path.</returns>
    public static IReadOnlyList<string> Check(InferenceService service)
    {
        var findings = new List<string>();
        if (!Name().IsMatch(service.Metadata.Name ?? ""))
        {
            findings.Add(
                $"metadata.name: '{service.Metadata.Name}' is no name: it begins with a small letter, "
                + "then small letters, digits and hyphens, and no hyphen at the end.");
        }

        if (service.Metadata.Annotations?.TryGetValue(DeploymentModes.Annotation, out string? mode) == true && DeploymentModes.Parse(mode) is null)
        {
            findings.Add($"metadata.annotations: {DeploymentModes.Annotation} is Knative, Standard or ModelMesh, not '{mode}'.");
        }

        Unknown(findings, "spec", service.Spec, _ => false);
        if (service.Spec.Predictor is { } predictor)
        {
            Predictor(findings, "spec.predictor", predictor, service.DeploymentMode);
        }
        else
        {
            findings.Add("spec.predictor: it is required.");
        }

        Sidecar(findings, "spec.transformer", service.Spec.Transformer, service.DeploymentMode, mayBeArt: false);
        Sidecar(findings, "spec.explainer", service.Spec.Explainer, service.DeploymentMode, mayBeArt: true);
        Canaries(findings, service);
        return findings;
    }

    private static void Predictor(List<string> findings, string path, PredictorSpec predictor, DeploymentMode? mode)
    {
        string[] frameworks = [.. (predictor.Additional?.Keys ?? []).Where(KnownFields.Frameworks.Contains)];
        int models = frameworks.Length + (predictor.Model is null ? 0 : 1);
        if (models > 1 || (models == 0 && predictor.Containers is not { Count: > 0 }))
        {
            findings.Add($"{path}: exactly one of model, a framework's name and containers is needed; there are {models} models.");
        }

        if (predictor.Model is { ModelFormat.Name: null or "" } or { ModelFormat: null })
        {
            findings.Add($"{path}.model.modelFormat.name: it is required.");
        }

        Component(findings, path, predictor, mode, f => KnownFields.Frameworks.Contains(f) || KnownFields.Predictor.Contains(f));
        if (models == 0 && predictor.Containers is { Count: > 0 } containers && containers.All(c => c.Name != "kserve-container"))
        {
            findings.Add($"{path}.containers: one must be named kserve-container.");
        }
    }

    private static void Sidecar(List<string> findings, string path, ComponentSpec? component, DeploymentMode? mode, bool mayBeArt)
    {
        if (component is null)
        {
            return;
        }

        bool art = mayBeArt && component.Additional?.ContainsKey("art") == true;
        if (art == component.Containers is { Count: > 0 })
        {
            findings.Add($"{path}: exactly one implementation is needed: containers{(mayBeArt ? " or art" : "")}.");
        }
        else if (!art && component.Containers![0].Name != "kserve-container")
        {
            findings.Add($"{path}.containers[0].name: it is to be kserve-container, not '{component.Containers[0].Name}'.");
        }

        Component(findings, path, component, mode, f => mayBeArt && f == "art");
    }

    private static void Component(List<string> findings, string path, ComponentSpec component, DeploymentMode? mode, Func<string, bool> known)
    {
        Unknown(findings, path, component, f => KnownFields.Component.Contains(f) || known(f));
        Scaling(findings, path, component, mode);
        if (component.Logger is { } logger && !s_logModes.Contains(logger.Mode))
        {
            findings.Add($"{path}.logger.mode: it is all, request or response, not '{logger.Mode}'; KServe refuses a logger without it.");
        }

        if (component.StorageUris is { Count: 0 })
        {
            findings.Add($"{path}.storageUris: an empty list is refused.");
        }

        foreach (StorageUriSpec storage in component.StorageUris ?? [])
        {
            if (string.IsNullOrEmpty(storage.Uri) || storage.MountPath is { } mount && (!mount.StartsWith('/') || mount.Length > 255))
            {
                findings.Add(
                    $"{path}.storageUris: '{storage.Uri}' at '{storage.MountPath}': uri is required, "
                    + "mountPath begins with / and has at most 255 characters.");
            }
        }

        for (int i = 0; i < (component.Containers?.Count ?? 0); i++)
        {
            Container(findings, $"{path}.containers[{i}]", component.Containers![i], mode);
        }
    }

    private static void Scaling(List<string> findings, string path, ComponentSpec component, DeploymentMode? mode)
    {
        if (component.MinReplicas < 0 || component.MaxReplicas < 0 || component.ContainerConcurrency < 0)
        {
            findings.Add($"{path}: minReplicas, maxReplicas and containerConcurrency are not negative.");
        }

        if (component.MinReplicas > component.MaxReplicas && component.MaxReplicas > 0)
        {
            findings.Add($"{path}: minReplicas ({component.MinReplicas}) is more than maxReplicas ({component.MaxReplicas}).");
        }

        if (component.ScaleMetric is { } metric && !s_metrics.Contains(metric))
        {
            findings.Add($"{path}.scaleMetric: it is cpu, memory, concurrency or rps, not '{metric}'.");
        }

        if (component.CanaryTrafficPercent is < 0 or > 100)
        {
            findings.Add($"{path}.canaryTrafficPercent: it is 0 to 100, not {component.CanaryTrafficPercent}.");
        }

        if (component.CanaryTrafficPercent is not null && mode == Management.DeploymentMode.Standard)
        {
            findings.Add($"{path}.canaryTrafficPercent: Standard mode ignores it; use spec.canary.");
        }
    }

    private static void Container(List<string> findings, string path, ContainerSpec container, DeploymentMode? mode)
    {
        if (string.IsNullOrEmpty(container.Name))
        {
            findings.Add($"{path}.name: it is required.");
        }

        if (container.Env?.Any(e => e.Name == "PYTHONPATH") == true)
        {
            findings.Add($"{path}.env: KServe refuses PYTHONPATH.");
        }

        if (container.Name == "transformer-container" && container.Env?.Any(e => e.Name == "STORAGE_URI") == true)
        {
            findings.Add($"{path}.env: STORAGE_URI is refused in transformer-container; it shares the predictor's /mnt/models.");
        }

        if (container.Ports is { Count: > 1 } && mode == Management.DeploymentMode.Knative)
        {
            findings.Add($"{path}.ports: Knative allows one port.");
        }
    }

    private static void Canaries(List<string> findings, InferenceService service)
    {
        if (service.Spec.Canary is not { Count: > 0 } canaries)
        {
            return;
        }

        if (service.DeploymentMode != Management.DeploymentMode.Standard)
        {
            findings.Add($"spec.canary: it needs the annotation {DeploymentModes.Annotation}: Standard; in Knative mode use canaryTrafficPercent.");
        }

        if (canaries.Any(c => c.TrafficPercent is null or < 0 or > 100) || canaries.Sum(c => c.TrafficPercent ?? 0) > 100)
        {
            findings.Add("spec.canary: each trafficPercent is 0 to 100, and together they are at most 100.");
        }

        if (canaries.Any(c => string.IsNullOrEmpty(c.Predictor?.Name)) || canaries.DistinctBy(c => c.Predictor?.Name).Count() != canaries.Count)
        {
            findings.Add("spec.canary: each predictor needs a name, and no two the same.");
        }

        for (int i = 0; i < canaries.Count; i++)
        {
            if (canaries[i].Predictor is not { } predictor)
            {
                continue;
            }

            string path = $"spec.canary[{i}].predictor";
            Predictor(findings, path, predictor, service.DeploymentMode);
            if (predictor.MaxReplicas is not null || predictor.ScaleTarget is not null || predictor.ScaleMetric is not null
                || s_notInCanary.Any(f => predictor.Additional?.ContainsKey(f) == true))
            {
                findings.Add($"{path}: a canary has no maxReplicas, scaleTarget, scaleMetric, autoScaling or workerSpec of its own.");
            }

            if (predictor.Model is { Name: null or "" })
            {
                findings.Add($"{path}.model.name: it is required in a canary; write kserve-container.");
            }

            if (predictor.MinReplicas > (service.Spec.Predictor?.MinReplicas ?? 1))
            {
                findings.Add($"{path}.minReplicas: it is at most the stable predictor's.");
            }
        }
    }

    private static void Unknown(List<string> findings, string path, ManifestPart part, Func<string, bool> known)
    {
        foreach (string field in part.Additional?.Keys ?? [])
        {
            if (!known(field))
            {
                findings.Add($"{path}.{field}: v1beta1 has no such field"
                    + (KnownFields.Mistaken.TryGetValue(field, out string? instead) ? $": {instead}." : ", and KServe drops it without a word."));
            }
        }
    }

    [GeneratedRegex("^[a-z]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Name();
}
