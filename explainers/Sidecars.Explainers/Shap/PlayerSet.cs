namespace Sidecars.Explainers.Shap;

/// <summary>The players of a game: single columns, or groups of columns that come and go together.</summary>
internal sealed class PlayerSet
{
    private PlayerSet(int[][] columns) => Columns = columns;

    /// <summary>The columns of each player.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Columns { get; }

    public int Count => Columns.Count;

    /// <summary>Checks groups and takes them.</summary>
    /// <param name="features">How many columns there are.</param>
    /// <param name="options">Where the groups stand.</param>
    /// <exception cref="InferenceException">The groups do not part the columns among them.</exception>
    public static PlayerSet From(int features, ShapOptions options)
    {
        if (options.Groups is not { } groups)
        {
            return options.GroupNames is null
                ? new PlayerSet([.. Enumerable.Range(0, features).Select(static column => new[] { column })])
                : throw InferenceException.InvalidInput("group_names needs groups.");
        }

        int[] taken = new int[features];
        foreach (int column in groups.SelectMany(static group => group))
        {
            if (column < 0 || column >= features)
            {
                throw InferenceException.InvalidInput($"groups: there is no column {column}; they are 0 to {features - 1}.");
            }

            taken[column]++;
        }

        int wrong = Array.FindIndex(taken, static times => times != 1);
        return wrong >= 0
                ? throw InferenceException.InvalidInput(
                    $"groups: column {wrong} is in {(taken[wrong] == 0 ? "no group" : "more than one group")}; each must be in exactly one.")
            : groups.Any(static group => group.Count == 0) ? throw InferenceException.InvalidInput("groups: a group has no columns.")
            : options.GroupNames is { } names && names.Count != groups.Count
                ? throw InferenceException.InvalidInput($"group_names: {names.Count} names for {groups.Count} groups.")
            : new PlayerSet([.. groups.Select(static group => group.ToArray())]);
    }

    /// <summary>
    /// The players of which at least one background row has another value than the row: only these can change the model's
    /// answer. NaN equals NaN. Nothing else is near enough to count as equal: in a column of times or account numbers rows
    /// that differ in the sixth digit are as far apart as any, and a tree can cut between any two numbers.
    /// </summary>
    public int[] Varying(ReadOnlySpan<float> row, TabularData background)
    {
        var varying = new List<int>();
        for (int player = 0; player < Count; player++)
        {
            for (int b = 0; b < background.Rows; b++)
            {
                if (Differs(Columns[player], row, background[b]))
                {
                    varying.Add(player);
                    break;
                }
            }
        }

        return [.. varying];
    }

    private static bool Differs(IReadOnlyList<int> columns, ReadOnlySpan<float> row, ReadOnlySpan<float> other)
    {
        foreach (int column in columns)
        {
            if (!row[column].Equals(other[column]))
            {
                return true;
            }
        }

        return false;
    }
}
