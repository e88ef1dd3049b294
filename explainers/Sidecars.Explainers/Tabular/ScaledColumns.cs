namespace Sidecars.Explainers.Tabular;

/// <summary>A table brought to columns of mean 0 and spread 1, missing values at 0, and the way back.</summary>
internal sealed class ScaledColumns
{
    private readonly TabularData _data;
    private readonly float[][] _occurring;
    private readonly double[] _mean;
    private readonly double[] _spread;

    public ScaledColumns(TabularData data)
    {
        _data = data;
        _occurring = new float[data.Features][];
        _mean = new double[data.Features];
        _spread = new double[data.Features];
        float[] column = new float[data.Rows];
        for (int j = 0; j < data.Features; j++)
        {
            int known = 0;
            for (int i = 0; i < data.Rows; i++)
            {
                float value = data.Values.Span[(i * data.Features) + j];
                column[known] = value;
                known += float.IsFinite(value) ? 1 : 0;
            }

            ReadOnlySpan<float> values = column.AsSpan(0, known);
            (_mean[j], _spread[j]) = Moments(values);
            _occurring[j] = Distinct(values);
        }
    }

    /// <summary>Some rows, scaled.</summary>
    public float[] Rows(int[] rows)
    {
        float[] scaled = new float[rows.Length * _data.Features];
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<float> row = _data[rows[i]];
            for (int j = 0; j < row.Length; j++)
            {
                scaled[(i * row.Length) + j] = float.IsFinite(row[j]) ? (float)((row[j] - _mean[j]) / _spread[j]) : 0;
            }
        }

        return scaled;
    }

    /// <summary>The value of a column that is nearest to a scaled one; missing where all are missing.</summary>
    public float Nearest(int column, float scaled)
    {
        float[] occurring = _occurring[column];
        if (occurring.Length == 0)
        {
            return float.NaN;
        }

        double value = (scaled * _spread[column]) + _mean[column];
        int above = Array.BinarySearch(occurring, (float)value);
        if (above >= 0)
        {
            return occurring[above];
        }

        above = ~above;
        return above == 0 ? occurring[0]
            : above == occurring.Length ? occurring[^1]
            : value - occurring[above - 1] <= occurring[above] - value ? occurring[above - 1]
            : occurring[above];
    }

    private static (double Mean, double Spread) Moments(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        double mean = values.Length == 0 ? 0 : sum / values.Length;
        double squares = 0;
        foreach (float value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return (mean, squares > 0 ? Math.Sqrt(squares / values.Length) : 1);
    }

    /// <summary>The values that occur, in order. Most columns have few: those are found without sorting all.</summary>
    private static float[] Distinct(ReadOnlySpan<float> values)
    {
        var seen = new HashSet<float>();
        foreach (float value in values)
        {
            seen.Add(value);
        }

        float[] distinct = [.. seen];
        Array.Sort(distinct);
        return distinct;
    }
}
