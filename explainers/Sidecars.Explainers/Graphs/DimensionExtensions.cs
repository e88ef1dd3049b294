namespace Sidecars.Explainers.Graphs;

internal static class DimensionExtensions
{
    /// <summary>How many numbers a shape holds; 1 for none.</summary>
    public static int Product(this ReadOnlySpan<int> dims)
    {
        int product = 1;
        foreach (int d in dims)
        {
            product *= d;
        }

        return product;
    }

    /// <inheritdoc cref="Product(ReadOnlySpan{int})"/>
    public static int Product(this Span<int> dims) => ((ReadOnlySpan<int>)dims).Product();
}
