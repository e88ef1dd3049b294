namespace Sidecars.Explainers;

/// <summary>Rows of a table: numbers, and codes of categories. Missing values are NaN.</summary>
public sealed class TabularData
{
    /// <summary>Takes rows as they are; the array is not copied and must not change any more.</summary>
    /// <param name="values">The values, row after row: [rows, <paramref name="features"/>].</param>
    /// <param name="features">How many values make a row, at least 1.</param>
    /// <exception cref="ArgumentException">The number of values is no multiple of <paramref name="features"/>.</exception>
    public TabularData(float[] values, int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        if (values.Length % features != 0)
        {
            throw new ArgumentException($"{values.Length} values do not make rows of {features}.", nameof(values));
        }

        Values = values;
        Features = features;
        Rows = values.Length / features;
    }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>How many values make a row.</summary>
    public int Features { get; }

    /// <summary>All values, row after row.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>One row.</summary>
    public ReadOnlySpan<float> this[int row] => Values.Span.Slice(row * Features, Features);
}
