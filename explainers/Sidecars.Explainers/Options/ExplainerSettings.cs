namespace Sidecars.Explainers.Options;

/// <summary>What options of any explainer amount to. Each explainer reads what concerns it.</summary>
internal sealed record ExplainerSettings
{
    public AnchorTabularOptions Anchors { get; init; } = new();

    public ShapOptions Shap { get; init; } = new();

    /// <summary>The percentiles numeric features are cut at; null for the quartiles.</summary>
    public IReadOnlyList<double>? DiscPerc { get; init; }

    public int Seed { get; init; }

    /// <summary>After how long an explanation ends with what there is; null for never.</summary>
    public int? DeadlineMs { get; init; }

    // Accepted and shown again, without effect: what they steer is done otherwise here.
    public bool Verbose { get; init; }

    public int VerboseEvery { get; init; } = 1;

    public bool SummariseBackground { get; init; }
}
