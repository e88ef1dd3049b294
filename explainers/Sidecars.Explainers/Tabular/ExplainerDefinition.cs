using System.Text.Json;

namespace Sidecars.Explainers;

/// <summary>One explainer of an artefact.</summary>
/// <param name="Type"><c>AnchorTabular</c>, <c>Shap</c>, <c>KernelShap</c>, <c>TreeShap</c> or <c>LinearShap</c>.</param>
/// <param name="Options">Options by name, as docs/explainers.md lists them; null for none.</param>
public sealed record ExplainerDefinition(string Type, IReadOnlyDictionary<string, JsonElement>? Options = null);
