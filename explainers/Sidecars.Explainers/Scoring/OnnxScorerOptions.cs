namespace Sidecars.Explainers;

/// <summary>What an <see cref="OnnxScorer"/> is told instead of finding it out.</summary>
public sealed record OnnxScorerOptions
{
    /// <summary>The output that holds the scores; default null: the first of floats, else the labels.</summary>
    public string? Output { get; init; }

    /// <summary>What the scores are; default null: what the graph says, else what the model answers to a few rows.</summary>
    public ScoreKind? Kind { get; init; }

    /// <summary>How many rows one run takes at most, at least 1; default null: 8192 on the CPU, 262 144 on a GPU.</summary>
    public int? MaxRows { get; init; }

    /// <summary>
    /// Whether Shapley values of sampled coalitions play their game inside the graph, where it can be put in: the device
    /// then gets features and masks instead of rows. Default null: on a GPU, and not on the CPU.
    /// </summary>
    public bool? GameInGraph { get; init; }
}
