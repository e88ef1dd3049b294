namespace Sidecars.Explainers.Serving;

/// <summary>Computes Shapley values of rows.</summary>
internal delegate ValueTask<ShapExplanation> ShapMethod(IScorer scorer, TabularData rows, ShapOptions options, CancellationToken cancellation);
