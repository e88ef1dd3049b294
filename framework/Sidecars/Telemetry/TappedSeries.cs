namespace Sidecars.Telemetry;

/// <summary>What was measured under one set of labels: a sum, and a histogram's buckets where it has any.</summary>
internal sealed class TappedSeries(KeyValuePair<string, string>[] labels, IReadOnlyList<double> bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[bounds.Count + 1];
    private double _sum;

    /// <summary>In the order of their names.</summary>
    public KeyValuePair<string, string>[] Labels => labels;

    public void Record(double value)
    {
        int bucket = 0;
        while (bucket < bounds.Count && value > bounds[bucket])
        {
            bucket++;
        }

        lock (_gate)
        {
            _counts[bucket]++;
            _sum += value;
        }
    }

    /// <summary>The sum, and how many measurements fell into each bucket or one below it; the last is the count of all.</summary>
    public (double Sum, long[] Cumulative) Read()
    {
        lock (_gate)
        {
            long total = 0;
            return (_sum, [.. _counts.Select(count => total += count)]);
        }
    }
}
