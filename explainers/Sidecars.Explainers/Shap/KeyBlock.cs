namespace Sidecars.Explainers.Shap;

/// <summary>Some rows as <see cref="FloatKeys"/>, feature after feature, so that one instruction compares several rows.</summary>
internal sealed class KeyBlock
{
    /// <summary>Rows are padded to a multiple of this.</summary>
    public const int Lanes = 8;

    /// <summary>Takes rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> − 1.</summary>
    public KeyBlock(TabularData data, int start, int count)
    {
        Rows = count;
        Stride = (count + Lanes - 1) / Lanes * Lanes;
        Keys = new int[Stride * data.Features];
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> values = data[start + row];
            for (int f = 0; f < values.Length; f++)
            {
                Keys[(f * Stride) + row] = FloatKeys.Of(values[f]);
            }
        }
    }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>How far the keys of a feature are from those of the next.</summary>
    public int Stride { get; }

    /// <summary>The keys, [features, <see cref="Stride"/>].</summary>
    public int[] Keys { get; }
}
