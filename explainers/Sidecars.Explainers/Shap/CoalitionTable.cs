using Sidecars.Explainers.Scoring;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// A plan's coalitions as columns: what rows that vary in the same players share. Coalition 2p is the stored side of pair
/// p, 2p + 1 the other. Columns of players that do not vary are the row's.
/// </summary>
internal sealed class CoalitionTable
{
    private readonly Lazy<CoalitionSet>[] _sets;
    private readonly Lazy<BackgroundCells> _cells;
    private readonly int _backgroundRows;

    /// <summary>Lays a plan over columns.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="players">All players.</param>
    /// <param name="varying">Those who play: the plan's player i is <c>varying[i]</c>.</param>
    /// <param name="background">Where absent columns come from.</param>
    public CoalitionTable(CoalitionPlan plan, PlayerSet players, int[] varying, Background background)
    {
        Plan = plan;
        int features = background.Rows.Features;
        byte[] masks = new byte[2L * plan.Pairs.Count * features];
        Array.Fill(masks, (byte)1);
        for (int pair = 0; pair < plan.Pairs.Count; pair++)
        {
            for (int i = 0; i < varying.Length; i++)
            {
                int without = plan.Pairs.Contains(pair, i) ? (2 * pair) + 1 : 2 * pair;
                foreach (int column in players.Columns[varying[i]])
                {
                    masks[(without * features) + column] = 0;
                }
            }
        }

        Masks = masks;
        Features = features;
        _backgroundRows = background.Rows.Rows;
        _cells = new Lazy<BackgroundCells>(() => new BackgroundCells(masks, background));
        _sets = [.. plan.Rungs.Select((count, rung) => new Lazy<CoalitionSet>(() => new CoalitionSet(features, Part(rung))))];
    }

    public CoalitionPlan Plan { get; }

    public int Features { get; }

    /// <summary>1 where a coalition keeps the row's column: [coalitions, features].</summary>
    public ReadOnlyMemory<byte> Masks { get; }

    /// <summary>Which background rows each coalition needs.</summary>
    public BackgroundCells Cells => _cells.Value;

    /// <summary>About how many bytes this takes, the plan's own not counted.</summary>
    public long Bytes => (2L * Masks.Length) + BackgroundCells.BytesFor(Masks.Length / Features, _backgroundRows);

    /// <summary>The coalitions that a rung adds.</summary>
    public CoalitionSet SetAt(int rung) => _sets[rung].Value;

    /// <summary>The coalitions [from, to) that a rung adds.</summary>
    public (int From, int To) RangeAt(int rung) => (rung == 0 ? 0 : 2 * Plan.Rungs[rung - 1], 2 * Plan.Rungs[rung]);

    private byte[] Part(int rung)
    {
        (int from, int to) = RangeAt(rung);
        return Masks.Span[(from * Features)..(to * Features)].ToArray();
    }
}
