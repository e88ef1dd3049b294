namespace Sidecars.Explainers.Options;

/// <summary>The options of AnchorTabular, by the names and in the order that users of alibi know.</summary>
internal static class AnchorOptions
{
    public static IReadOnlyList<ExplainerOption> All { get; } =
    [
        CommonOptions.Seed,
        new ExplainerOption
        {
            Name = "disc_perc",
            Help = "The percentiles of the training data that numeric features are cut at.",
            Allowed = "a list of numbers between 0 and 100, ascending",
            Schema = """{"type":"array","minItems":1,"items":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":100}}""",
            Set = static (s, input) => Percentiles(input) is { } all ? s with { DiscPerc = all } : null,
            Write = static (json, s) =>
            {
                json.WriteStartArray();
                foreach (double each in s.DiscPerc ?? [25, 50, 75])
                {
                    json.WriteNumberValue(each);
                }

                json.WriteEndArray();
            },
            AtStart = true,
        },
        OptionKinds.Number("threshold", "The precision a rule has to reach.", 0, 1, mostAllowed: true,
            static s => s.Anchors.Threshold, static (s, v) => s with { Anchors = s.Anchors with { Threshold = v!.Value } }),
        OptionKinds.Number("delta", "How often a bound may be wrong.", 0, 1, mostAllowed: false,
            static s => s.Anchors.Delta, static (s, v) => s with { Anchors = s.Anchors with { Delta = v!.Value } }),
        OptionKinds.Number("tau", "How close to the best the chosen candidates have to be.", 0, 1, mostAllowed: false,
            static s => s.Anchors.Tau, static (s, v) => s with { Anchors = s.Anchors with { Tau = v!.Value } }),
        Count("batch_size", "How many rows one candidate gets in one round.", 1,
            static a => a.BatchSize, static (a, v) => a with { BatchSize = v }),
        Count("coverage_samples", "How many rows coverage is estimated on.", 1,
            static a => a.CoverageSamples, static (a, v) => a with { CoverageSamples = v })
            with { NoEffectBecause = "coverage is counted on all training rows" },
        Count("beam_size", "How many rules of each length are kept to grow.", 1,
            static a => a.BeamSize, static (a, v) => a with { BeamSize = v }),
        OptionKinds.Bool("stop_on_first", "Take the first rule that reaches the threshold, not the one that covers most.",
            static s => s.Anchors.StopOnFirst, static (s, v) => s with { Anchors = s.Anchors with { StopOnFirst = v } }),
        OptionKinds.Int("max_anchor_size", "The most conditions a rule may have.", 1,
            static s => s.Anchors.MaxAnchorSize, static (s, v) => s with { Anchors = s.Anchors with { MaxAnchorSize = v } }, none: "as many as there are"),
        Count("min_samples_start", "How many rows the rule without conditions is first tried on.", 1,
            static a => a.MinSamplesStart, static (a, v) => a with { MinSamplesStart = v })
            with { OtherNames = ["max_samples_start"] },
        Count("n_covered_ex", "How many examples of either kind each step of the answer shows.", 0,
            static a => a.NCoveredEx, static (a, v) => a with { NCoveredEx = v }),
        Count("binary_cache_size", "The size of alibi's cache.", 1,
            static a => a.BinaryCacheSize, static (a, v) => a with { BinaryCacheSize = v })
            with { NoEffectBecause = "there is no such cache" },
        Count("cache_margin", "The margin of alibi's cache.", 1,
            static a => a.CacheMargin, static (a, v) => a with { CacheMargin = v })
            with { NoEffectBecause = "there is no such cache" },
        OptionKinds.Bool("verbose", "Print the search.",
            static s => s.Verbose, static (s, v) => s with { Verbose = v })
            with { NoEffectBecause = "a server has nobody to print for" },
        OptionKinds.Int("verbose_every", "Print every so many rounds.", 1,
            static s => s.VerboseEvery, static (s, v) => s with { VerboseEvery = v!.Value })
            with { NoEffectBecause = "a server has nobody to print for" },
        CommonOptions.Deadline,
    ];

    private static ExplainerOption Count(
        string name, string help, int least, Func<AnchorTabularOptions, int> get, Func<AnchorTabularOptions, int, AnchorTabularOptions> set) =>
        OptionKinds.Int(name, help, least, s => get(s.Anchors), (s, v) => s with { Anchors = set(s.Anchors, v!.Value) });

    private static double[]? Percentiles(OptionInput input)
    {
        if (input.List is not { Count: > 0 } list || list.Any(static e => e.Number is not (> 0 and < 100)))
        {
            return null;
        }

        double[] all = [.. list.Select(static e => e.Number!.Value)];
        return all.Zip(all.Skip(1)).All(static pair => pair.First < pair.Second) ? all : null;
    }
}
