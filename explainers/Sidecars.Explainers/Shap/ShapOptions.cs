namespace Sidecars.Explainers;

/// <summary>How Shapley values are computed. Each method reads what concerns it.</summary>
public sealed record ShapOptions
{
    /// <summary>The scale on which values add up; default <see cref="ShapLink.Identity"/>.</summary>
    public ShapLink Link { get; init; } = ShapLink.Identity;

    /// <summary>How many coalitions a row may take, the empty and the full one not counted, at least 1; default null: 2 M + 2048
    /// for M players. With 2^M − 2 or more all are taken and values are exact.</summary>
    public int? NSamples { get; init; }

    /// <summary>Whether and how players are chosen before the fit, which biases values: <c>off</c> (the default), <c>auto</c>,
    /// <c>aic</c>, <c>bic</c>, <c>num_features(k)</c>, or a number: the penalty of a lasso.</summary>
    public string L1Reg { get; init; } = "off";

    /// <summary>Columns that come and go together, each column in exactly one group; default null: each on its own.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Groups { get; init; }

    /// <summary>The names of <see cref="Groups"/>; default null: numbered.</summary>
    public IReadOnlyList<string>? GroupNames { get; init; }

    /// <summary>Sampling ends when the largest standard error is below this share of the spread of values, above 0; default
    /// null: when <see cref="NSamples"/> are used.</summary>
    public double? StopAt { get; init; }

    /// <summary>What is explained of a tree ensemble or linear model; default <see cref="ShapModelOutput.Auto"/>.</summary>
    public ShapModelOutput ModelOutput { get; init; }

    /// <summary>Which game is played on trees; default <see cref="TreeShapAlgorithm.Auto"/>.</summary>
    public TreeShapAlgorithm Algorithm { get; init; }

    /// <summary>Whether interaction values are wanted as well; default false.</summary>
    public bool Interactions { get; init; }

    /// <summary>What the random choices start from; the same seed and rows give the same values. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>After how long sampling ends with what there is, from its start; default null: never. Exact methods end with an
    /// error where there are rows that they have not begun by then.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Hears how far it is, after calls of the model or rows and at most every 50 ms, on a thread that computes; changes
    /// nothing about the answer. Default null: nobody does.</summary>
    public IProgress<ShapProgress>? Progress { get; init; }
}
