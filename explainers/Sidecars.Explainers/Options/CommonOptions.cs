namespace Sidecars.Explainers.Options;

/// <summary>The options that every explainer has.</summary>
internal static class CommonOptions
{
    public static ExplainerOption Seed { get; } = OptionKinds.Int(
        "seed", "What random choices start from; the same seed and request give the same answer.", int.MinValue,
        static s => s.Seed,
        static (s, v) => s with
        {
            Seed = v!.Value,
            Anchors = s.Anchors with { Seed = v.Value },
            Shap = s.Shap with { Seed = v.Value },
        });

    public static ExplainerOption Deadline { get; } = OptionKinds.Int(
        "deadline_ms", "Milliseconds after which the best so far is the answer, marked as such; TreeShap and LinearShap, which have none, end with an error where rows are left.", 1,
        static s => s.DeadlineMs, static (s, v) => s with { DeadlineMs = v }, none: "never, but for the call's own deadline");
}
