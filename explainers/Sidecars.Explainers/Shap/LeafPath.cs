namespace Sidecars.Explainers.Shap;

/// <summary>What leads to a leaf, by players: features that stand on the path several times are one range.</summary>
/// <param name="Node">The leaf.</param>
/// <param name="Players">The players on the path, ascending.</param>
/// <param name="Tests">What each asks, in the order of <paramref name="Players"/>.</param>
/// <param name="Shares">For each player the share of the training weight that its splits let through; null without covers.</param>
internal sealed record LeafPath(int Node, int[] Players, KeyTest[] Tests, double[]? Shares)
{
    /// <summary>Whether every player asks for a single range, so that the tests are the players.</summary>
    public bool IsSimple => Tests.Length == Players.Length;
}
