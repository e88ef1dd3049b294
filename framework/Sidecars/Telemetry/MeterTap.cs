using System.Diagnostics.Metrics;

namespace Sidecars.Telemetry;

/// <summary>
/// Listens to the meters of the packages around this one, <c>Sidecars.*</c>, so that <c>/metrics</c> shows what the export
/// over OTLP shows. A meter counts for its process: where several applications share one, each shows all of it.
/// </summary>
internal sealed class MeterTap : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private volatile TappedInstrument[] _instruments = [];

    public MeterTap(string prefix)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith(prefix, StringComparison.Ordinal) && Keep(instrument) is { } kept)
            {
                listener.EnableMeasurementEvents(instrument, kept);
            }
        };
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, kept) => ((TappedInstrument)kept!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, kept) => ((TappedInstrument)kept!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, kept) => ((TappedInstrument)kept!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>What was published so far, by name.</summary>
    public IReadOnlyList<TappedInstrument> Instruments => _instruments;

    public void Dispose() => _listener.Dispose();

    /// <summary>An instrument that is published again, by another meter of the same name, goes on where it was.</summary>
    private TappedInstrument? Keep(Instrument instrument)
    {
        lock (_gate)
        {
            if (TappedInstrument.Of(instrument) is not { } made)
            {
                return null;
            }

            if (Array.Find(_instruments, known => known.Name == made.Name) is { } known)
            {
                return known.IsHistogram == made.IsHistogram ? known : null;
            }

            _instruments = [.. _instruments.Append(made).OrderBy(static i => i.Name, StringComparer.Ordinal)];
            return made;
        }
    }
}
