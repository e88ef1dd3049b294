namespace Sidecars.Explainers.Tabular;

/// <summary>
/// Cuts numeric columns at percentiles of the training data. The bins are (e_{i-1}, e_i]: a value equal to an edge lies
/// below it.
/// </summary>
internal sealed class Discretizer
{
    /// <summary>The percentiles used unless others are asked for: the quartiles.</summary>
    public static readonly IReadOnlyList<double> Quartiles = [25, 50, 75];

    private readonly double[]?[] _edges;

    /// <summary>Finds the edges of every numeric column.</summary>
    /// <param name="schema">Which columns are numeric.</param>
    /// <param name="train">The training data; missing values do not count.</param>
    /// <param name="percentiles">Where to cut, each from 0 to 100.</param>
    public Discretizer(TabularSchema schema, TabularData train, IReadOnlyList<double> percentiles)
    {
        _edges = new double[]?[train.Features];
        for (int feature = 0; feature < train.Features; feature++)
        {
            if (!schema.Features[feature].IsCategorical)
            {
                _edges[feature] = FindEdges(Column(train, feature), percentiles);
            }
        }
    }

    /// <summary>The edges of a column, ascending; none for a categorical column.</summary>
    public ReadOnlySpan<double> Edges(int feature) => _edges[feature];

    /// <summary>The bin of a value: how many edges lie below it.</summary>
    public int Bin(int feature, float value)
    {
        int bin = 0;
        foreach (double edge in Edges(feature))
        {
            bin += edge < value ? 1 : 0;
        }

        return bin;
    }

    private static double[] FindEdges(double[] sorted, IReadOnlyList<double> percentiles) =>
        sorted.Length == 0 ? [] : [.. percentiles.Select(p => Percentile(sorted, p)).Distinct().Order()];

    /// <summary>The percentile by linear interpolation between the two values it falls between.</summary>
    private static double Percentile(double[] sorted, double percentile)
    {
        double position = (sorted.Length - 1) * (percentile / 100);
        int below = (int)Math.Floor(position);
        int above = Math.Min(below + 1, sorted.Length - 1);
        double part = position - below;
        double gap = sorted[above] - sorted[below];

        // From the nearer end, so that both ends are hit exactly.
        return part < 0.5 ? sorted[below] + (gap * part) : sorted[above] - (gap * (1 - part));
    }

    private static double[] Column(TabularData data, int feature)
    {
        List<double> values = new(data.Rows);
        for (int row = 0; row < data.Rows; row++)
        {
            if (data[row][feature] is var value && !float.IsNaN(value))
            {
                values.Add(value);
            }
        }

        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted;
    }
}
