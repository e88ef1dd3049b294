namespace Sidecars.Explainers.Shap;

/// <summary>Plans and tables that were made, kept for the rows to come.</summary>
/// <param name="background">Where absent columns come from.</param>
internal sealed class GameTables(Background background)
{
    private const long MostBytes = 96L << 20;

    private readonly BoundedCache<(int Players, int Pairs, bool Early, int Seed), CoalitionPlan> _plans =
        new(MostBytes, static plan => plan.Bytes);

    private readonly BoundedCache<string, CoalitionTable> _tables = new(MostBytes, static table => table.Bytes);

    /// <summary>The table for rows that vary in some players.</summary>
    public CoalitionTable For(PlayerSet players, int[] varying, ShapOptions options)
    {
        int m = varying.Length;
        bool early = options.StopAt is not null || options.Deadline is not null;
        double samples = Math.Min(options.NSamples ?? ((2 * m) + 2048), Math.Pow(2, m) - 2);
        (int, int, bool, int) key = (m, (int)(samples / 2), early, options.Seed);
        string columns = string.Join(';', varying.Select(player => string.Join(',', players.Columns[player])));
        return _tables.Get($"{key}:{columns}", () => new CoalitionTable(
            _plans.Get(key, () => CoalitionPlan.Make(m, key.Item2, early, options.Seed)), players, varying, background));
    }
}
