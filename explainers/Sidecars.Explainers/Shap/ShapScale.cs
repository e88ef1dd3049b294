namespace Sidecars.Explainers;

/// <summary>What the numbers of a Shapley explanation are: its values are differences on this scale.</summary>
public enum ShapScale
{
    /// <summary>The value of a regression.</summary>
    Value,

    /// <summary>The probability of a class, from 0 to 1.</summary>
    Probability,

    /// <summary>ln(p / (1 − p)) of a class: at 0 it is as likely as not.</summary>
    LogOdds,

    /// <summary>A score of a class that is neither: the higher the likelier.</summary>
    Margin,

    /// <summary>The index of the class itself, where a model says no more.</summary>
    Label,
}
