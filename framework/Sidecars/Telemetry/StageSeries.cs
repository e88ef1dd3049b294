using System.Diagnostics.Metrics;

namespace Sidecars.Telemetry;

/// <summary>The durations of one stage for one model. Observing takes no lock and allocates nothing.</summary>
internal sealed class StageSeries
{
    private readonly double[] _bounds;
    private readonly long[] _counts;
    private readonly Histogram<double> _instrument;
    private readonly KeyValuePair<string, object?> _tag;
    private readonly TimeProvider _time;
    private double _sum;
    private long _createdMilliseconds;

    public StageSeries(string modelName, double[] bounds, Histogram<double> instrument, TimeProvider time)
    {
        ModelName = modelName;
        _bounds = bounds;
        _counts = new long[bounds.Length + 1];
        _instrument = instrument;
        _tag = new KeyValuePair<string, object?>("model_name", modelName);
        _time = time;
    }

    public string ModelName { get; }

    /// <summary>The sum of all durations in seconds.</summary>
    public double Sum => Volatile.Read(ref _sum);

    /// <summary>When the first duration came, in seconds since 1970; null before that.</summary>
    public double? Created => Volatile.Read(ref _createdMilliseconds) is > 0 and var created ? created / 1000.0 : null;

    /// <summary>Adds one duration. What is not a duration (NaN, below zero) counts as zero: it must not spoil the sum
    /// for good.</summary>
    public void Observe(double seconds)
    {
        seconds = seconds > 0 ? seconds : 0;
        int bucket = 0;
        while (bucket < _bounds.Length && seconds > _bounds[bucket])
        {
            bucket++;
        }

        if (Volatile.Read(ref _createdMilliseconds) == 0)
        {
            _ = Interlocked.CompareExchange(ref _createdMilliseconds, _time.GetUtcNow().ToUnixTimeMilliseconds(), 0);
        }

        double sum = Volatile.Read(ref _sum);
        double seen;
        while ((seen = Interlocked.CompareExchange(ref _sum, sum + seconds, sum)) != sum)
        {
            sum = seen;
        }

        _ = Interlocked.Increment(ref _counts[bucket]);
        if (_instrument.Enabled)
        {
            _instrument.Record(seconds, _tag);
        }
    }

    /// <summary>Fills in how many durations fell into each bucket or one below it; the last is the count of all.</summary>
    public void ReadCumulative(Span<long> counts)
    {
        long total = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            total += Interlocked.Read(ref _counts[i]);
            counts[i] = total;
        }
    }
}
