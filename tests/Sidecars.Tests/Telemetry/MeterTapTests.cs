using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using Sidecars.Telemetry;

namespace Sidecars.Tests.Telemetry;

public sealed class MeterTapTests : IDisposable
{
    // Of its own, since meters count for the process.
    private readonly string _name = $"Tapped.{Guid.NewGuid():N}";
    private readonly Meter _meter;
    private readonly MeterTap _tap;

    public MeterTapTests()
    {
        _meter = new Meter(_name);
        _tap = new MeterTap(_name);
    }

    public void Dispose()
    {
        _tap.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Counter_OfAMeterThatIsListenedTo_AddsUpByLabels()
    {
        Counter<long> counter = _meter.CreateCounter<long>("rows.scored", description: "rows");
        counter.Add(3, new("b", 2), new("a-1", "x"));
        counter.Add(4, new("a-1", "x"), new("b", 2));
        counter.Add(5);

        TappedInstrument kept = _tap.Instruments.Should().ContainSingle().Subject;
        (kept.Name, kept.Help, kept.IsHistogram).Should().Be(("rows_scored", "rows", false));
        kept.Series.Select(static s => (string.Join(",", s.Labels), s.Read().Sum)).Should().Equal(("[a_1, x],[b, 2]", 7), ("", 5));
    }

    [Fact]
    public void Histogram_WithAdvice_FillsItsBuckets()
    {
        Histogram<long> sizes = _meter.CreateHistogram("sizes", null, null, tags: null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 10] });
        Histogram<double> seconds = _meter.CreateHistogram<double>("seconds");
        sizes.Record(1);
        sizes.Record(2);
        sizes.Record(10);
        sizes.Record(11);
        seconds.Record(0.3);

        _tap.Instruments.Select(static i => i.Name).Should().Equal("seconds", "sizes");
        (double sum, long[] counts) = _tap.Instruments[1].Series[0].Read();
        sum.Should().Be(24);
        counts.Should().Equal(1, 3, 4);
        _tap.Instruments[0].Bounds.Should().Equal(StageHistogram.Bounds);
        _tap.Instruments[0].Series[0].Read().Cumulative[6].Should().Be(0, "0.25 is below");
        _tap.Instruments[0].Series[0].Read().Cumulative[7].Should().Be(1);
    }

    [Fact]
    public void Instruments_OfOtherMetersAndKinds_AreLeftAlone()
    {
        using var other = new Meter("Elsewhere");
        other.CreateCounter<long>("a").Add(1);
        _meter.CreateUpDownCounter<long>("b").Add(1);

        _tap.Instruments.Should().BeEmpty();
    }

    [Fact]
    public void Metrics_WithAMeterOfAPackageAround_ShowItBetweenOurOwnAndTheProcess()
    {
        using var metrics = new SidecarMetrics();
        using var meter = new Meter("Sidecars.MeterTapTests");
        meter.CreateCounter<long>("tap_tests", description: "a \"help\"").Add(2, new KeyValuePair<string, object?>("who", "a\"b"));
        meter.CreateHistogram("tap_sizes", null, "sizes", tags: null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [16] }).Record(17);

        ArrayBufferWriter<byte> output = new();
        PrometheusText.Write(output, metrics, RuntimeReading.Now(), ExpositionFormat.PrometheusText);
        Encoding.UTF8.GetString(output.WrittenSpan).Should().Contain("""
            sidecar_requests_queued 0.0
            # HELP tap_sizes sizes
            # TYPE tap_sizes histogram
            tap_sizes_bucket{le="16.0"} 0.0
            tap_sizes_bucket{le="+Inf"} 1.0
            tap_sizes_count 1.0
            tap_sizes_sum 17.0
            # HELP tap_tests_total a "help"
            # TYPE tap_tests_total counter
            tap_tests_total{who="a\"b"} 2.0
            # HELP process_cpu_seconds_total
            """.ReplaceLineEndings("\n"));
    }
}
