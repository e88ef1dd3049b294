namespace Sidecars.Explainers;

/// <summary>How a <see cref="PredictorScorer"/> asks, and how it reads the answers.</summary>
public sealed record PredictorScorerOptions
{
    /// <summary>The output that holds the scores; default null: the first of floats with a value for every row, else of whole
    /// numbers, else of texts.</summary>
    public string? Output { get; init; }

    /// <summary>What the scores are; default null: found out for every call, see <see cref="PredictorScorer"/>.</summary>
    public ScoreKind? Kind { get; init; }

    /// <summary>How many rows one request takes at most, at least 1; default 4096.</summary>
    public int MaxRows { get; init; } = 4096;

    /// <summary>How many requests of one call are under way at once, at least 1; default 4.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>Whether a V2 predictor gets tensors as bytes and not as JSON; default false, since not every server knows that.</summary>
    public bool BinaryTensors { get; init; }

    internal PredictorScorerOptions Checked() =>
        MaxRows < 1 || Concurrency < 1
            ? throw new SidecarConfigurationException(
                $"PredictorScorerOptions: MaxRows is {MaxRows} and Concurrency {Concurrency}; allowed: 1 and above.")
            : this;
}
