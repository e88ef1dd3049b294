namespace Sidecars.Explainers.Shap;

/// <summary>Which player each feature belongs to: itself, or the group it is in.</summary>
internal sealed record PlayerMap(int[] PlayerOf, int Count)
{
    /// <summary>The players of <see cref="ShapOptions.Groups"/>, seen from the features.</summary>
    /// <exception cref="InferenceException">The groups do not part the columns among them.</exception>
    public static PlayerMap Of(int features, ShapOptions options)
    {
        var players = PlayerSet.From(features, options);
        int[] playerOf = new int[features];
        for (int player = 0; player < players.Count; player++)
        {
            foreach (int column in players.Columns[player])
            {
                playerOf[column] = player;
            }
        }

        return new PlayerMap(playerOf, players.Count);
    }

    /// <summary>Whether features are the same players in another map.</summary>
    public bool IsSame(PlayerMap other) => Count == other.Count && PlayerOf.AsSpan().SequenceEqual(other.PlayerOf);
}
