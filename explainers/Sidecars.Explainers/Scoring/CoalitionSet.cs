namespace Sidecars.Explainers.Scoring;

/// <summary>
/// Coalitions as columns see them: which features a row keeps; the others come from the background. One object is used
/// for many rows, so that what a scorer prepares for it can be kept.
/// </summary>
/// <param name="features">How many features a row has.</param>
/// <param name="mask">1 for a feature of the row, 0 for one of the background: [coalitions, <paramref name="features"/>].</param>
internal sealed class CoalitionSet(int features, byte[] mask)
{
    public int Features { get; } = features;

    public int Count { get; } = mask.Length / features;

    public ReadOnlyMemory<byte> Mask { get; } = mask;
}
