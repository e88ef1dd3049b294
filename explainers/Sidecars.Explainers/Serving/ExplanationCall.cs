using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Serving;

/// <summary>One request to an explainer, as far as it is the same for all of them.</summary>
/// <param name="ModelName">The explained model, as the caller named it.</param>
/// <param name="Scorer">The model, for this caller.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Settings">The options that count.</param>
/// <param name="Budget">How long it may take.</param>
/// <param name="Threads">Where it computes.</param>
/// <param name="Time">The clock.</param>
/// <param name="Progress">Hears how far it is; null for nobody.</param>
/// <param name="Cancellation">Gives up.</param>
internal sealed record ExplanationCall(
    string ModelName, IScorer Scorer, TabularData Rows, ExplainerSettings Settings, TimeBudget Budget, ExplanationThreads Threads,
    TimeProvider Time, IProgress<ExplainProgress>? Progress, CancellationToken Cancellation);
