using System.Buffers;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sidecars.Telemetry;

namespace Sidecars.Tests.Telemetry;

public sealed class PrometheusTextTests : IDisposable
{
    private static readonly RuntimeReading Runtime = new()
    {
        CpuSeconds = 1.5,
        ResidentBytes = 1048576,
        OpenFileDescriptors = 12,
        StartSeconds = 1767225600.25,
        GcHeapBytes = 2048,
        GcCollections = [3, 2, 1],
        ThreadPoolThreads = 4,
        ThreadPoolQueue = 0,
    };

    private readonly SidecarMetrics _metrics = new(time: new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1767225600500)));

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Write_NothingMeasured_NamesTheHistogramsInKServesOrderWithoutSeries()
    {
        _ = _metrics.Stages.Predict.For("looked up, never used");

        Write(ExpositionFormat.PrometheusText).Should().StartWith("""
            # HELP request_preprocess_seconds pre-process request latency
            # TYPE request_preprocess_seconds histogram
            # HELP request_postprocess_seconds post-process request latency
            # TYPE request_postprocess_seconds histogram
            # HELP request_predict_seconds predict request latency
            # TYPE request_predict_seconds histogram
            # HELP request_explain_seconds explain request latency
            # TYPE request_explain_seconds histogram
            # HELP sidecar_requests_total requests answered
            # TYPE sidecar_requests_total counter
            # HELP sidecar_errors_total errors by stage and kind
            # TYPE sidecar_errors_total counter

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Write_Measured_PrometheusText()
    {
        Measure();

        Write(ExpositionFormat.PrometheusText).Should().Be("""
            # HELP request_preprocess_seconds pre-process request latency
            # TYPE request_preprocess_seconds histogram
            # HELP request_postprocess_seconds post-process request latency
            # TYPE request_postprocess_seconds histogram
            # HELP request_predict_seconds predict request latency
            # TYPE request_predict_seconds histogram
            request_predict_seconds_bucket{le="0.005",model_name="a\"b\\c\nd"} 1.0
            request_predict_seconds_bucket{le="0.01",model_name="a\"b\\c\nd"} 1.0
            request_predict_seconds_bucket{le="0.025",model_name="a\"b\\c\nd"} 1.0
            request_predict_seconds_bucket{le="0.05",model_name="a\"b\\c\nd"} 1.0
            request_predict_seconds_bucket{le="0.075",model_name="a\"b\\c\nd"} 1.0
            request_predict_seconds_bucket{le="0.1",model_name="a\"b\\c\nd"} 1.0
            request_predict_seconds_bucket{le="0.25",model_name="a\"b\\c\nd"} 1.0
            request_predict_seconds_bucket{le="0.5",model_name="a\"b\\c\nd"} 2.0
            request_predict_seconds_bucket{le="0.75",model_name="a\"b\\c\nd"} 2.0
            request_predict_seconds_bucket{le="1.0",model_name="a\"b\\c\nd"} 2.0
            request_predict_seconds_bucket{le="2.5",model_name="a\"b\\c\nd"} 2.0
            request_predict_seconds_bucket{le="5.0",model_name="a\"b\\c\nd"} 2.0
            request_predict_seconds_bucket{le="7.5",model_name="a\"b\\c\nd"} 2.0
            request_predict_seconds_bucket{le="10.0",model_name="a\"b\\c\nd"} 2.0
            request_predict_seconds_bucket{le="+Inf",model_name="a\"b\\c\nd"} 3.0
            request_predict_seconds_count{model_name="a\"b\\c\nd"} 3.0
            request_predict_seconds_sum{model_name="a\"b\\c\nd"} 11.505
            # HELP request_predict_seconds_created predict request latency
            # TYPE request_predict_seconds_created gauge
            request_predict_seconds_created{model_name="a\"b\\c\nd"} 1767225600.5
            # HELP request_explain_seconds explain request latency
            # TYPE request_explain_seconds histogram
            # HELP sidecar_requests_total requests answered
            # TYPE sidecar_requests_total counter
            sidecar_requests_total{model_name="é",outcome="ok",protocol="v1",verb="predict"} 2.0
            sidecar_requests_total{model_name="é",outcome="error",protocol="v1",verb="predict"} 1.0
            # HELP sidecar_errors_total errors by stage and kind
            # TYPE sidecar_errors_total counter
            sidecar_errors_total{kind="timeout",model_name="é",stage="predict"} 1.0
            # HELP sidecar_requests_in_flight requests being worked on
            # TYPE sidecar_requests_in_flight gauge
            sidecar_requests_in_flight 1.0
            # HELP sidecar_requests_queued requests waiting for their turn
            # TYPE sidecar_requests_queued gauge
            sidecar_requests_queued 0.0
            # HELP process_cpu_seconds_total user and system CPU time in seconds
            # TYPE process_cpu_seconds_total counter
            process_cpu_seconds_total 1.5
            # HELP process_resident_memory_bytes resident memory in bytes
            # TYPE process_resident_memory_bytes gauge
            process_resident_memory_bytes 1048576.0
            # HELP process_open_fds open file descriptors
            # TYPE process_open_fds gauge
            process_open_fds 12.0
            # HELP process_start_time_seconds start of the process in seconds since 1970
            # TYPE process_start_time_seconds gauge
            process_start_time_seconds 1767225600.25
            # HELP dotnet_gc_heap_bytes bytes allocated on the managed heap
            # TYPE dotnet_gc_heap_bytes gauge
            dotnet_gc_heap_bytes 2048.0
            # HELP dotnet_gc_collections_total garbage collections by generation
            # TYPE dotnet_gc_collections_total counter
            dotnet_gc_collections_total{generation="0"} 3.0
            dotnet_gc_collections_total{generation="1"} 2.0
            dotnet_gc_collections_total{generation="2"} 1.0
            # HELP dotnet_threadpool_threads threads of the thread pool
            # TYPE dotnet_threadpool_threads gauge
            dotnet_threadpool_threads 4.0
            # HELP dotnet_threadpool_queue_length work items waiting for a thread
            # TYPE dotnet_threadpool_queue_length gauge
            dotnet_threadpool_queue_length 0.0

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Write_Measured_OpenMetrics()
    {
        Measure();

        string text = Write(ExpositionFormat.OpenMetrics);

        text.Should().Contain("""
            request_predict_seconds_count{model_name="a\"b\\c\nd"} 3.0
            request_predict_seconds_sum{model_name="a\"b\\c\nd"} 11.505
            request_predict_seconds_created{model_name="a\"b\\c\nd"} 1767225600.5
            # HELP request_explain_seconds explain request latency
            """.ReplaceLineEndings("\n"));
        text.Should().Contain("""
            # HELP sidecar_requests requests answered
            # TYPE sidecar_requests counter
            sidecar_requests_total{model_name="é",outcome="ok",protocol="v1",verb="predict"} 2.0
            """.ReplaceLineEndings("\n"));
        text.Should().Contain("# TYPE process_cpu_seconds counter\nprocess_cpu_seconds_total 1.5\n");
        text.Should().NotContain("_created gauge");
        text.Should().EndWith("dotnet_threadpool_queue_length 0.0\n# EOF\n");
    }

    [Fact]
    public void Write_SystemWithoutFileDescriptors_LeavesThemOut()
    {
        ArrayBufferWriter<byte> output = new();
        PrometheusText.Write(output, _metrics, Runtime with { OpenFileDescriptors = null }, ExpositionFormat.PrometheusText);

        Encoding.UTF8.GetString(output.WrittenSpan).Should().NotContain("process_open_fds");
    }

    [Fact]
    public void Docs_ListEveryFamily()
    {
        Measure();
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Sidecars.sln")))
        {
            folder = folder.Parent!;
        }

        string docs = File.ReadAllText(Path.Combine(folder.FullName, "docs", "metrics.md"));
        IEnumerable<string> families = Write(ExpositionFormat.PrometheusText).Split('\n')
            .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal) && !line.Contains("_created "))
            .Select(line => $"| `{line.Split(' ')[2]}` | {line.Split(' ')[3]} |");
        docs.Should().ContainAll(families);
    }

    [Fact]
    public void RuntimeReading_Now_ReadsThisProcess()
    {
        RuntimeReading now = RuntimeReading.Now();

        now.CpuSeconds.Should().BePositive();
        now.ResidentBytes.Should().BeGreaterThan(1 << 20);
        now.OpenFileDescriptors.Should().Match(count => count == null || count > 2);
        now.StartSeconds.Should().BeInRange(1.7e9, 5e9);
        now.GcHeapBytes.Should().BePositive();
        now.GcCollections.Should().HaveCount(3);
        now.ThreadPoolThreads.Should().BePositive();
    }

    private void Measure()
    {
        StageSeries predict = _metrics.Stages.Predict.For("a\"b\\c\nd");
        predict.Observe(0.005);
        predict.Observe(0.5);
        predict.Observe(11);
        _metrics.CountRequest(new("é", "predict", "v1", "ok"));
        _metrics.CountRequest(new("é", "predict", "v1", "error"));
        _metrics.CountRequest(new("é", "predict", "v1", "ok"));
        _metrics.CountError(new("é", "predict", "timeout"));
        _metrics.InFlight.Increment();
        _metrics.InFlight.Increment();
        _metrics.InFlight.Decrement();
    }

    private string Write(ExpositionFormat format)
    {
        ArrayBufferWriter<byte> output = new();
        PrometheusText.Write(output, _metrics, Runtime, format);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
