using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Sidecars.Management.Yaml;

namespace Sidecars.Management.Tests.Deploy;

/// <summary>The manifests in the repository's folder <c>deploy</c>.</summary>
internal static class DeployFolder
{
    private static readonly string s_repository = Path.GetFullPath(Path.Combine(Here(), "../../.."));

    public static IEnumerable<string> Files =>
        Directory.EnumerateFiles(Path.Combine(s_repository, "deploy"), "*.y*ml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal);

    public static string Read(string relative) => File.ReadAllText(Path.Combine(s_repository, relative));

    /// <summary>The documents of a file of the folder, of one kind.</summary>
    public static IReadOnlyList<JsonNode> Documents(string file, string kind) =>
        [.. YamlReader.Read(Read("deploy/" + file)).Where(d => d["kind"]?.GetValue<string>() == kind)];

    /// <summary>The InferenceServices of a file of the folder.</summary>
    public static IEnumerable<InferenceService> Services(string file) =>
        Documents(file, "InferenceService").Select(d => InferenceService.Parse(d.ToJsonString()));

    /// <summary>The containers in which our own images run: of transformers and explainers, collocated or not.</summary>
    public static IEnumerable<ContainerSpec> OwnContainers(InferenceService service) =>
    [
        .. service.Spec.Transformer?.Containers ?? [],
        .. service.Spec.Explainer?.Containers ?? [],
        .. (service.Spec.Predictor?.Containers ?? []).Where(c => c.Name == "transformer-container"),
    ];

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
