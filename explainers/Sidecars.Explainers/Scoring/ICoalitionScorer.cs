namespace Sidecars.Explainers.Scoring;

/// <summary>
/// A scorer that plays the whole game itself, without a row for every pair of coalition and background row: because its
/// model is simple, or because the game is part of its graph.
/// </summary>
internal interface ICoalitionScorer : IScorer
{
    /// <summary>Whether it can; a scorer around another one asks that.</summary>
    bool ScoresCoalitions { get; }

    /// <summary>v(S) before the link, for every coalition: the model's scores, averaged over the background by its weights.</summary>
    /// <param name="row">The explained row, [features].</param>
    /// <param name="coalitions">The coalitions.</param>
    /// <param name="background">Where absent features come from.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The averages, [coalitions, outputs].</returns>
    ValueTask<Scores> ScoreCoalitionsAsync(
        ReadOnlyMemory<float> row, CoalitionSet coalitions, Background background, CancellationToken cancellation);
}
