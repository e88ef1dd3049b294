using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sidecars.Telemetry;

/// <summary>A number that only grows, for one set of labels.</summary>
internal sealed class CounterSeries
{
    private readonly Counter<long> _instrument;
    private readonly TagList _tags;
    private long _value;

    public CounterSeries(Counter<long> instrument, IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        _instrument = instrument;
        Labels = labels;
        foreach ((string name, string value) in labels)
        {
            _tags.Add(name, value);
        }
    }

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; }

    public long Value => Interlocked.Read(ref _value);

    public void Increment()
    {
        _ = Interlocked.Increment(ref _value);
        if (_instrument.Enabled)
        {
            _instrument.Add(1, _tags);
        }
    }
}
