namespace Sidecars.Explainers.Anchors;

/// <summary>Refuses options that mean nothing, naming the option and what it may be.</summary>
internal static class AnchorOptionsCheck
{
    /// <summary>How many rows one arm may be given in one call, so that a request cannot ask for all memory.</summary>
    private const int MostRows = 100_000;

    /// <exception cref="InferenceException">An option is outside its range.</exception>
    public static void Check(AnchorTabularOptions options)
    {
        Require(options.Threshold is > 0 and <= 1, "threshold", options.Threshold, "above 0 and at most 1");
        Require(options.Delta is > 0 and < 1, "delta", options.Delta, "between 0 and 1");
        Require(options.Tau is >= 0 and < 1, "tau", options.Tau, "at least 0 and below 1");
        Require(options.BatchSize is >= 1 and <= MostRows, "batch_size", options.BatchSize, $"from 1 to {MostRows}");
        Require(options.MinSamplesStart is >= 1 and <= MostRows, "min_samples_start", options.MinSamplesStart, $"from 1 to {MostRows}");
        Require(options.BeamSize is >= 1 and <= 1000, "beam_size", options.BeamSize, "from 1 to 1000");
        Require(options.MaxAnchorSize is null or >= 1, "max_anchor_size", options.MaxAnchorSize, "at least 1, or null");
        Require(options.NCoveredEx is >= 0 and <= MostRows, "n_covered_ex", options.NCoveredEx, $"from 0 to {MostRows}");
        Require(options.CoverageSamples >= 1, "coverage_samples", options.CoverageSamples, "at least 1");
        Require(options.Deadline is null || options.Deadline > TimeSpan.Zero, "deadline", options.Deadline, "above 0, or null");
    }

    private static void Require(bool holds, string name, object? value, string range)
    {
        if (!holds)
        {
            throw InferenceException.InvalidInput(FormattableString.Invariant($"option '{name}' is {value}, and must be {range}"));
        }
    }
}
