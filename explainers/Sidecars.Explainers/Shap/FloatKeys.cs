namespace Sidecars.Explainers.Shap;

/// <summary>
/// Integers in the order of float32 numbers, so that every comparison of a tree is one of integers: equal numbers have
/// equal keys (0 and −0 too), and a missing value comes after all numbers.
/// </summary>
internal static class FloatKeys
{
    /// <summary>The key of −∞, below which there is nothing.</summary>
    public static readonly int Lowest = Of(float.NegativeInfinity);

    /// <summary>The key of ∞.</summary>
    public static readonly int Highest = Of(float.PositiveInfinity);

    /// <summary>The key of NaN.</summary>
    public static readonly int Missing = Highest + 1;

    /// <summary>The key of a value.</summary>
    public static int Of(float value)
    {
        if (float.IsNaN(value))
        {
            return 0x7F800001;
        }

        // Adding 0 makes −0 a 0. Negative numbers order by falling bits: all but the sign turns around.
        int bits = BitConverter.SingleToInt32Bits(value + 0f);
        return bits ^ ((bits >> 31) & 0x7FFFFFFF);
    }
}
