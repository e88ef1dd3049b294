namespace Sidecars.Explainers.Server.Fit;

/// <summary>What a model turned out to be when it was tried on rows of the table.</summary>
/// <param name="Kind">What its numbers are.</param>
/// <param name="Outputs">How many numbers a row gets.</param>
/// <param name="Agreement">The share of rows whose label it gives; null where there are no labels.</param>
internal sealed record ModelFacts(ScoreKind Kind, int Outputs, double? Agreement);
