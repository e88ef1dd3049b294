namespace Sidecars.Explainers;

/// <summary>Shapley values of some rows. For every row and output, base value plus values is the model's answer.</summary>
public sealed class ShapExplanation
{
    /// <summary>The algorithm: <c>KernelShap</c>, <c>TreeShap</c> or <c>LinearShap</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Whether the values are the exact Shapley values of the game, but for rounding.</summary>
    public required bool Exact { get; init; }

    /// <summary>What the numbers are; default <see cref="ShapScale.Value"/>.</summary>
    public ShapScale Scale { get; init; }

    /// <summary>Whether the deadline ended the sampling before it was done; default false.</summary>
    public bool OutOfTime { get; init; }

    /// <summary>How many rows were explained.</summary>
    public required int Rows { get; init; }

    /// <summary>How many outputs the model has.</summary>
    public required int Outputs { get; init; }

    /// <summary>How many features or groups of features share the model's answer.</summary>
    public required int Players { get; init; }

    /// <summary>The values φ, [rows, outputs, players], on the scale of the link.</summary>
    public required double[] Values { get; init; }

    /// <summary>The standard error of each value, in the shape of <see cref="Values"/>; null stands for zeros: nothing was estimated.</summary>
    public double[]? StandardErrors { get; init; }

    /// <summary>The answer to a row of which nothing is known, [outputs], on the scale of the link.</summary>
    public required double[] ExpectedValue { get; init; }

    /// <summary>The model's answers, [rows, outputs], on the scale of the link.</summary>
    public required double[] RawPrediction { get; init; }

    /// <summary>The class of each row; null for a regression.</summary>
    public int[]? Labels { get; init; }

    /// <summary>Interaction values, [rows, outputs, players, players]; null when not asked for. A row of a matrix sums to the value.</summary>
    public double[]? Interactions { get; init; }

    /// <summary>How many coalitions each row's values come from; 0 for closed forms.</summary>
    public int Samples { get; init; }

    /// <summary>The value of one player.</summary>
    public double Value(int row, int output, int player) => Values[(((row * Outputs) + output) * Players) + player];
}
