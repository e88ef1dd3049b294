namespace Sidecars.Explainers.Tests;

/// <summary>A theory over the kit's Adult data; skipped where the kit is not there, which CI counts as failed.</summary>
public sealed class KitTheoryAttribute : TheoryAttribute
{
    public KitTheoryAttribute() => Skip = Kit.Folder is null ? "The explainer kit is not here; set EXPLAINKIT to its folder." : null;
}
