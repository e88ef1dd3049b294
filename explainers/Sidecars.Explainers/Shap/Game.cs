namespace Sidecars.Explainers.Shap;

/// <summary>One explained row: its players, and what the coalitions played so far are worth.</summary>
internal sealed class Game
{
    /// <summary>The row's index.</summary>
    public required int Row { get; init; }

    /// <summary>The players that vary.</summary>
    public required int[] Varying { get; init; }

    /// <summary>The coalitions; null where no or one player varies.</summary>
    public required CoalitionTable? Table { get; init; }

    /// <summary>How many coalitions it may take.</summary>
    public int Planned => Table is null ? 0 : 2 * Table.Plan.Pairs.Count;

    /// <summary>Averaged scores, before the link: [coalitions, outputs].</summary>
    public double[] Worth { get; set; } = [];

    /// <summary>The rung it has reached.</summary>
    public int Rung { get; set; } = -1;

    /// <summary>Whether no more coalitions are wanted.</summary>
    public bool Done { get; set; }
}
