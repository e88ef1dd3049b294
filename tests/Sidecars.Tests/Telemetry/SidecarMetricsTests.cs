using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Sidecars.Telemetry;

namespace Sidecars.Tests.Telemetry;

public sealed class SidecarMetricsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void For_SameName_GivesTheSameSeries()
    {
        using SidecarMetrics metrics = new();

        metrics.Stages.Predict.For("a").Should().BeSameAs(metrics.Stages.Predict.For("a"));
        metrics.Stages.Predict.For("a").Should().NotBeSameAs(metrics.Stages.Explain.For("a"));
    }

    [Fact]
    public void Observe_FromManyThreads_LosesNothing()
    {
        using SidecarMetrics metrics = new();
        StageHistogram predict = metrics.Stages.Predict;

        Parallel.For(0, 4, _ =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                predict.For("m").Observe(0.25);
            }
        });

        long[] counts = new long[StageHistogram.Bounds.Count + 1];
        predict.For("m").ReadCumulative(counts);
        counts.Should().Equal(0, 0, 0, 0, 0, 0, 40_000, 40_000, 40_000, 40_000, 40_000, 40_000, 40_000, 40_000, 40_000);
        predict.For("m").Sum.Should().Be(10_000);
        predict.Series.Should().HaveCount(1);
    }

    [Fact]
    public void Observe_NoDuration_CountsAsZero()
    {
        using SidecarMetrics metrics = new();
        StageSeries series = metrics.Stages.Predict.For("m");

        series.Observe(double.NaN);
        series.Observe(-1);

        series.Sum.Should().Be(0);
    }

    [Fact]
    public void Observe_SeriesKept_AllocatesNothing()
    {
        using SidecarMetrics metrics = new();
        StageSeries series = metrics.Stages.Predict.For("m");
        RequestLabels labels = new("m", "predict", "v1", "ok");

        Allocations.InSteadyState(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                series.Observe(0.1);
                metrics.CountRequest(labels);
                metrics.InFlight.Increment();
            }
        }).Should().Be(0);
    }

    [Fact]
    public void Metrics_SomeoneListens_AreRecordedToTheMeter()
    {
        IMeterFactory factory = _services.GetRequiredService<IMeterFactory>();
        using SidecarMetrics metrics = new(factory);
        using MetricCollector<double> predict = new(factory, "Sidecars", "request_predict_seconds");
        using MetricCollector<long> requests = new(factory, "Sidecars", "sidecar_requests");
        using MetricCollector<long> errors = new(factory, "Sidecars", "sidecar_errors");
        using MetricCollector<long> inFlight = new(factory, "Sidecars", "sidecar_requests_in_flight");
        using MetricCollector<long> queued = new(factory, "Sidecars", "sidecar_requests_queued");

        metrics.Stages.Predict.For("m").Observe(0.3);
        metrics.CountRequest(new("m", "predict", "v1", "ok"));
        metrics.CountError(new("m", "predict", "timeout"));
        metrics.InFlight.Increment();
        inFlight.RecordObservableInstruments();
        queued.RecordObservableInstruments();

        predict.LastMeasurement!.Value.Should().Be(0.3);
        predict.LastMeasurement.Tags.Should().BeEquivalentTo(new Dictionary<string, object?> { ["model_name"] = "m" });
        ((Histogram<double>)predict.Instrument!).Advice!.HistogramBucketBoundaries.Should().Equal(StageHistogram.Bounds);
        predict.Instrument.Unit.Should().Be("s");
        requests.LastMeasurement!.Value.Should().Be(1);
        requests.LastMeasurement.Tags.Should().BeEquivalentTo(new Dictionary<string, object?>
        {
            ["model_name"] = "m", ["verb"] = "predict", ["protocol"] = "v1", ["outcome"] = "ok",
        });
        errors.LastMeasurement!.Tags.Should().BeEquivalentTo(new Dictionary<string, object?>
        {
            ["model_name"] = "m", ["stage"] = "predict", ["kind"] = "timeout",
        });
        inFlight.LastMeasurement!.Value.Should().Be(1);
        queued.LastMeasurement!.Value.Should().Be(0);
    }
}
