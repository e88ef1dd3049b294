using System.Diagnostics.Metrics;

namespace Sidecars.Telemetry;

/// <summary>A counter or histogram of another meter, kept for <c>/metrics</c>.</summary>
internal sealed class TappedInstrument
{
    private readonly SeriesTable<LabelSet, TappedSeries> _series;

    private TappedInstrument(Instrument instrument, bool isHistogram, IReadOnlyList<double> bounds)
    {
        Name = LabelSet.Name(instrument.Name);
        Help = instrument.Description ?? instrument.Name;
        IsHistogram = isHistogram;
        Bounds = bounds;
        _series = new SeriesTable<LabelSet, TappedSeries>(labels => new TappedSeries(labels.Labels, bounds));
    }

    public string Name { get; }

    public string Help { get; }

    public bool IsHistogram { get; }

    /// <summary>The upper bounds of a histogram, inclusive; the last bucket, without a bound, is not among them.</summary>
    public IReadOnlyList<double> Bounds { get; }

    public IReadOnlyList<TappedSeries> Series => _series.All;

    /// <summary>Keeps what an instrument measures; null where it is neither a counter nor a histogram.</summary>
    public static TappedInstrument? Of(Instrument instrument) => instrument switch
    {
        Counter<long> or Counter<int> or Counter<double> => new(instrument, false, []),
        Histogram<double> histogram => new(instrument, true, histogram.Advice?.HistogramBucketBoundaries ?? StageHistogram.Bounds),
        Histogram<long> histogram => new(instrument, true, Bound(histogram.Advice)),
        Histogram<int> histogram => new(instrument, true, Bound(histogram.Advice)),
        _ => null,
    };

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => _series.For(LabelSet.Of(tags)).Record(value);

    private static IReadOnlyList<double> Bound<T>(InstrumentAdvice<T>? advice)
        where T : struct, IConvertible =>
        advice?.HistogramBucketBoundaries is { } bounds ? [.. bounds.Select(static b => b.ToDouble(null))] : StageHistogram.Bounds;
}
