namespace Sidecars.Explainers;

/// <summary>
/// The rows that stand for "feature not known" in Shapley values: an absent feature takes its value from each of them,
/// and the model's answers are averaged.
/// </summary>
/// <param name="Rows">The rows, at least one.</param>
/// <param name="Weights">One weight for each row, positive, summing to 1.</param>
/// <param name="Method">How they were chosen: <c>kmeans</c>, <c>sample</c>, <c>file</c> or <c>all</c>.</param>
public sealed record Background(TabularData Rows, ReadOnlyMemory<double> Weights, string Method)
{
    /// <summary>Rows that all weigh the same.</summary>
    public static Background Uniform(TabularData rows, string method = "all")
    {
        double[] weights = new double[rows.Rows];
        Array.Fill(weights, 1.0 / rows.Rows);
        return new Background(rows, weights, method);
    }
}
