namespace Sidecars.Explainers;

/// <summary>How a rule is searched. Names and defaults are those that users of anchors know.</summary>
public sealed record AnchorTabularOptions
{
    /// <summary>The precision a rule has to reach, above 0 and at most 1; default 0.95.</summary>
    public double Threshold { get; init; } = 0.95;

    /// <summary>
    /// How often a bound may be wrong, between 0 and 1; default 0.1. The interval of the precision misses it at most so
    /// often, and a rule below the threshold is reported as met at most half as often.
    /// </summary>
    public double Delta { get; init; } = 0.1;

    /// <summary>How close to the best the candidates that grow have to be, at least 0 and below 1; default 0.15.</summary>
    public double Tau { get; init; } = 0.15;

    /// <summary>How many rows one candidate gets in one round, from 1 to 100000; default 100.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>Accepted for old configurations and without effect, since coverage is counted on all rows; default 10000.</summary>
    public int CoverageSamples { get; init; } = 10_000;

    /// <summary>How many rules of each length are kept to grow, at least 1; default 1.</summary>
    public int BeamSize { get; init; } = 1;

    /// <summary>Whether the first rule that reaches the threshold is taken; default false: the one that covers most.</summary>
    public bool StopOnFirst { get; init; }

    /// <summary>The most conditions a rule may have, at least 1; default null: as many as there are.</summary>
    public int? MaxAnchorSize { get; init; }

    /// <summary>How many rows the rule without conditions is first tried on, from 1 to 100000; default 100.</summary>
    public int MinSamplesStart { get; init; } = 100;

    /// <summary>How many examples of either kind each step of the answer shows, at least 0; default 10.</summary>
    public int NCoveredEx { get; init; } = 10;

    /// <summary>Accepted for old configurations and without effect: there is no such cache; default 10000.</summary>
    public int BinaryCacheSize { get; init; } = 10_000;

    /// <summary>Accepted for old configurations and without effect: there is no such cache; default 1000.</summary>
    public int CacheMargin { get; init; } = 1000;

    /// <summary>
    /// What the rows of the final test start from; the same seed and row give the same answer. The search itself draws by
    /// the row alone: another seed tests the same proposals on other rows. Default 0.
    /// </summary>
    public int Seed { get; init; }

    /// <summary>After how long the best rule so far is taken, from the start of the search; default null: never.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>
    /// Hears how far the search is, between calls of the model and at most every 50 ms, on the thread that searches; changes
    /// nothing about the answer. Default null: nobody does.
    /// </summary>
    public IProgress<AnchorProgress>? Progress { get; init; }
}
