namespace Sidecars.Explainers;

/// <summary>What a model's numbers mean.</summary>
public enum ScoreKind
{
    /// <summary>Scores of classes that are no probabilities, such as margins: the highest wins.</summary>
    Margin,

    /// <summary>Probabilities of classes, from 0 to 1; a single one is that of class 1.</summary>
    Probability,

    /// <summary>The class itself, as its index: one number a row.</summary>
    Label,

    /// <summary>The values of a regression.</summary>
    Value,
}
