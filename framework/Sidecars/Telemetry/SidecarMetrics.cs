using System.Diagnostics.Metrics;

namespace Sidecars.Telemetry;

/// <summary>Everything one application measures: kept here for <c>/metrics</c>, and recorded to the meter
/// <see cref="SidecarTelemetry.MeterName"/> for whoever listens.</summary>
internal sealed class SidecarMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly SeriesTable<RequestLabels, CounterSeries> _requests;
    private readonly SeriesTable<ErrorLabels, CounterSeries> _errors;

    public SidecarMetrics(IMeterFactory? factory = null, TimeProvider? time = null)
    {
        MeterOptions options = new(SidecarTelemetry.MeterName);
        _meter = factory?.Create(options) ?? new Meter(options);
        Stages = new StageMetrics(_meter, time ?? TimeProvider.System);

        Counter<long> requests = _meter.CreateCounter<long>(SidecarTelemetry.Requests, "{request}", RequestsHelp);
        Counter<long> errors = _meter.CreateCounter<long>(SidecarTelemetry.Errors, "{error}", ErrorsHelp);
        _requests = new(labels => new CounterSeries(requests, labels.ToArray()));
        _errors = new(labels => new CounterSeries(errors, labels.ToArray()));
        _ = _meter.CreateObservableUpDownCounter(
            SidecarTelemetry.RequestsInFlight, () => InFlight.Value, "{request}", InFlightHelp);
        _ = _meter.CreateObservableUpDownCounter(
            SidecarTelemetry.RequestsQueued, () => Queued.Value, "{request}", QueuedHelp);
    }

    /// <summary>What the packages around this one measure.</summary>
    public MeterTap Others { get; } = new(SidecarTelemetry.MeterName + ".");

    public const string RequestsHelp = "requests answered";

    public const string ErrorsHelp = "errors by stage and kind";

    public const string InFlightHelp = "requests being worked on";

    public const string QueuedHelp = "requests waiting for their turn";

    public StageMetrics Stages { get; }

    public Gauge InFlight { get; } = new();

    public Gauge Queued { get; } = new();

    public IReadOnlyList<CounterSeries> Requests => _requests.All;

    public IReadOnlyList<CounterSeries> Errors => _errors.All;

    public void CountRequest(in RequestLabels labels) => _requests.For(labels).Increment();

    public void CountError(in ErrorLabels labels) => _errors.For(labels).Increment();

    public void Dispose()
    {
        Others.Dispose();
        _meter.Dispose();
    }
}
