using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Sidecars.Management.Manifest;
using Sidecars.Management.Yaml;

namespace Sidecars.Management;

/// <summary>A KServe InferenceService, <c>serving.kserve.io/v1beta1</c>.</summary>
public sealed class InferenceService : ManifestPart, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The one version KServe serves.</summary>
    public const string Version = "serving.kserve.io/v1beta1";

    /// <inheritdoc/>
    [JsonPropertyOrder(-4)]
    public string ApiVersion { get; set; } = Version;

    /// <inheritdoc/>
    [JsonPropertyOrder(-3)]
    public string Kind { get; set; } = "InferenceService";

    /// <inheritdoc/>
    [JsonPropertyOrder(-2)]
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is wanted.</summary>
    [JsonPropertyOrder(-1)]
    public InferenceServiceSpec Spec { get; set; } = new();

    /// <summary>What there is, as the controller reports it; null before it did.</summary>
    public InferenceServiceStatus? Status { get; set; }

    /// <summary>
    /// How it is run: the annotation, else what the status says. Null when neither does; the cluster's own default holds then.
    /// Setting writes the annotation.
    /// </summary>
    [JsonIgnore]
    public DeploymentMode? DeploymentMode
    {
        get => DeploymentModes.Parse(Metadata.Annotations?.TryGetValue(DeploymentModes.Annotation, out string? mode) == true ? mode : null)
            ?? DeploymentModes.Parse(Status?.DeploymentMode);
        set
        {
            if (value is null)
            {
                Metadata.Annotations?.Remove(DeploymentModes.Annotation);
                return;
            }

            Metadata.Annotations ??= new Dictionary<string, string>();
            Metadata.Annotations[DeploymentModes.Annotation] = value.Value.ToString();
        }
    }

    /// <summary>
    /// Whether its <c>Ready</c> condition is true and speaks of the newest spec: <c>status.observedGeneration</c>, where it
    /// is given, is not behind <c>metadata.generation</c>.
    /// </summary>
    [JsonIgnore]
    public bool IsReady => Status?.Condition("Ready") is { IsTrue: true }
        && (Status.ObservedGeneration is not { } seen || Metadata.Generation is not { } wanted || seen >= wanted);

    /// <summary>Reads a manifest in YAML or JSON.</summary>
    /// <exception cref="FormatException">It is neither, or holds something else than one InferenceService.</exception>
    public static InferenceService Parse(string text)
    {
        IReadOnlyList<InferenceService> all = ManifestReader.Read(text);
        return all.Count == 1 ? all[0] : throw new FormatException($"One InferenceService was expected; the text holds {all.Count}.");
    }

    /// <summary>Reads manifests in YAML, separated by <c>---</c>, or in JSON.</summary>
    /// <exception cref="FormatException">The text cannot be read, or holds something that is no InferenceService.</exception>
    public static IReadOnlyList<InferenceService> ParseAll(string text) => ManifestReader.Read(text);

    /// <summary>The manifest as YAML, as <c>kubectl apply -f</c> takes it.</summary>
    public string ToYaml() => YamlWriter.Write(ManifestJson.ToNode(this));

    /// <summary>The manifest as JSON.</summary>
    public string ToJson() => ManifestJson.ToText(this);
}
