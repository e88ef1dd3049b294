namespace Sidecars.Explainers;

/// <summary>Which of a model's numbers is explained.</summary>
public enum ShapModelOutput
{
    /// <summary>The margin where the method is exact for it, as for trees; what the model answers otherwise.</summary>
    Auto,

    /// <summary>The sum before the last transformation: log-odds for boosted trees and logistic models.</summary>
    Raw,

    /// <summary>Probabilities.</summary>
    Probability,
}
