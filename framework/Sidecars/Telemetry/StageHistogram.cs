using System.Diagnostics.Metrics;

namespace Sidecars.Telemetry;

/// <summary>How long one stage of the pipeline takes, by model.</summary>
internal sealed class StageHistogram
{
    /// <summary>The upper bounds in seconds, inclusive; the last bucket, without a bound, is not among them.</summary>
    public static IReadOnlyList<double> Bounds => BoundArray;

    private static readonly double[] BoundArray =
        [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

    private readonly SeriesTable<string, StageSeries> _series;

    public StageHistogram(string name, string help, Meter meter, TimeProvider time)
    {
        Name = name;
        Help = help;
        Histogram<double> instrument = meter.CreateHistogram(
            name, "s", help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = BoundArray });
        _series = new(modelName => new StageSeries(modelName, BoundArray, instrument, time));
    }

    public string Name { get; }

    public string Help { get; }

    public IReadOnlyList<StageSeries> Series => _series.All;

    /// <summary>The series of a model. Callers keep it: it is the same for the life of the process. Only names of
    /// registered models belong here, for every name stays.</summary>
    public StageSeries For(string modelName) => _series.For(modelName);
}
