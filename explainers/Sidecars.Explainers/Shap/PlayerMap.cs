namespace Sidecars.Explainers.Shap;

/// <summary>Which player each feature belongs to: itself, or the group it is in.</summary>
internal sealed record PlayerMap(int[] PlayerOf, int Count)
{
    /// <summary>Reads <see cref="ShapOptions.Groups"/>.</summary>
    /// <exception cref="InferenceException">A column is in no group, in several, or there is no such column.</exception>
    public static PlayerMap Of(int features, IReadOnlyList<IReadOnlyList<int>>? groups)
    {
        int[] playerOf = [.. Enumerable.Range(0, features)];
        if (groups is null)
        {
            return new PlayerMap(playerOf, features);
        }

        if (!groups.SelectMany(static g => g).Order().SequenceEqual(playerOf))
        {
            throw InferenceException.InvalidInput($"groups must name each of the columns 0 to {features - 1} exactly once");
        }

        for (int g = 0; g < groups.Count; g++)
        {
            foreach (int column in groups[g])
            {
                playerOf[column] = g;
            }
        }

        return new PlayerMap(playerOf, groups.Count);
    }

    /// <summary>Whether features are the same players in another map.</summary>
    public bool IsSame(PlayerMap other) => Count == other.Count && PlayerOf.AsSpan().SequenceEqual(other.PlayerOf);
}
