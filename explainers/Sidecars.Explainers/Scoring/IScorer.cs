namespace Sidecars.Explainers;

/// <summary>
/// All an explainer knows of a model: rows in, scores out. Implementations take any number of calls at once, and give
/// the same scores for the same rows.
/// </summary>
public interface IScorer
{
    /// <summary>How many features a row has.</summary>
    int Features { get; }

    /// <summary>Scores rows.</summary>
    /// <param name="rows">The rows one after the other, [n, <see cref="Features"/>]; the memory must stay as it is until the
    /// call is over. Any n from 1; an implementation cuts what is too large for the model.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The scores of the rows, in their order.</returns>
    /// <exception cref="InferenceException">The model refused or failed; nothing of the rows counts as scored.</exception>
    ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> rows, CancellationToken cancellation = default);
}
