namespace Sidecars.Explainers.Shap;

/// <summary>
/// One range of keys that a path allows: the key less <see cref="Low"/> is at most <see cref="Width"/>, as unsigned numbers,
/// so that a range may also run from missing on to the lowest values. Ranges of one feature are alternatives; the
/// features of a player must all hold.
/// </summary>
/// <param name="Column">The feature.</param>
/// <param name="Low">Where the range begins.</param>
/// <param name="Width">How much further it goes.</param>
/// <param name="End">Whether this is the last range of its feature (bit 0) and of its player (bit 1).</param>
internal readonly record struct KeyTest(int Column, int Low, uint Width, int End)
{
    public const int EndOfFeature = 1, EndOfPlayer = 2;

    /// <summary>Whether a key is in the range.</summary>
    public bool Holds(int key) => (uint)(key - Low) <= Width;
}
