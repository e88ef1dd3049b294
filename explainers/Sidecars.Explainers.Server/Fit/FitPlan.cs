namespace Sidecars.Explainers.Server.Fit;

/// <summary>What <c>fit</c> was asked for.</summary>
internal sealed record FitPlan
{
    public required string Data { get; init; }

    public required string Output { get; init; }

    public string? Model { get; init; }

    /// <summary>The column that holds the classes or values the model learned; no feature. Null for none.</summary>
    public string? Label { get; init; }

    public IReadOnlyList<string> Drop { get; init; } = [];

    /// <summary>Columns whose whole numbers are codes of categories. Columns with text are categories anyway.</summary>
    public IReadOnlyList<string> Categorical { get; init; } = [];

    /// <summary>Names for the codes of columns, from a file; by the column's name or index.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> CategoryNames { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public IReadOnlyList<string>? Classes { get; init; }

    public int BackgroundRows { get; init; } = 100;

    /// <summary><c>kmeans</c>, <c>sample</c> or <c>file</c>.</summary>
    public string BackgroundMethod { get; init; } = "kmeans";

    public string? BackgroundFile { get; init; }

    /// <summary>The explainers, the first of which answers by default; empty for those that suit the model.</summary>
    public IReadOnlyList<string> Explainers { get; init; } = [];

    /// <summary>The model's output to explain; null leaves it to the scorer.</summary>
    public string? ModelOutput { get; init; }

    public int Seed { get; init; }

    public bool Force { get; init; }
}
