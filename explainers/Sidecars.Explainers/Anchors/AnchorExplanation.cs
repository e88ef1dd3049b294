namespace Sidecars.Explainers;

/// <summary>A rule under which the model says the same of nearly all rows, and what is known of it.</summary>
public sealed class AnchorExplanation
{
    /// <summary>The explained row.</summary>
    public required ReadOnlyMemory<float> Instance { get; init; }

    /// <summary>The class the model gives the row.</summary>
    public required int Label { get; init; }

    /// <summary>The conditions, all of which hold for the row, in the order they were found; at most one for a feature.</summary>
    public required IReadOnlyList<AnchorPredicate> Predicates { get; init; }

    /// <summary>The conditions as text, with as many digits as their bounds need.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Whether the threshold was reached.</summary>
    public required AnchorStatus Status { get; init; }

    /// <summary>
    /// P(same class | rule), estimated on rows drawn for this alone, which had no part in choosing the rule; on the search's
    /// own rows of the rule, where the deadline left no time for others.
    /// </summary>
    public required double Precision { get; init; }

    /// <summary>The ends of the confidence interval of the precision.</summary>
    public required (double Low, double High) PrecisionInterval { get; init; }

    /// <summary>How often such an interval contains the truth.</summary>
    public required double Confidence { get; init; }

    /// <summary>The share of training rows on which the rule holds, counted.</summary>
    public required double Coverage { get; init; }

    /// <summary>The rule as it grew: one step for each condition, the last one the rule itself.</summary>
    public required IReadOnlyList<AnchorStep> Steps { get; init; }

    /// <summary>The precision of the rule without conditions: how often a random row gets the same class.</summary>
    public required double BasePrecision { get; init; }

    /// <summary>How many rows the model scored for this.</summary>
    public required long Predictions { get; init; }
}
