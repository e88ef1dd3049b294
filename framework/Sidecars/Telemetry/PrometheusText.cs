using System.Buffers;

namespace Sidecars.Telemetry;

/// <summary>Writes everything at <c>/metrics</c>: KServe's histograms in KServe's order, our counters and gauges,
/// those of the packages around this one, and what the process says of itself. <c>docs/metrics.md</c> lists the names.</summary>
internal static class PrometheusText
{
    private static readonly string[] BucketText = [.. StageHistogram.Bounds.Select(PythonFloat.ToText), "+Inf"];

    public static void Write(
        IBufferWriter<byte> output, SidecarMetrics metrics, in RuntimeReading runtime, ExpositionFormat format)
    {
        ExpositionWriter writer = new(output, format);
        foreach (StageHistogram histogram in metrics.Stages.All)
        {
            WriteHistogram(writer, histogram, format);
        }

        WriteCounter(writer, SidecarTelemetry.Requests, SidecarMetrics.RequestsHelp, metrics.Requests);
        WriteCounter(writer, SidecarTelemetry.Errors, SidecarMetrics.ErrorsHelp, metrics.Errors);
        WriteGauge(writer, SidecarTelemetry.RequestsInFlight, SidecarMetrics.InFlightHelp, metrics.InFlight.Value);
        WriteGauge(writer, SidecarTelemetry.RequestsQueued, SidecarMetrics.QueuedHelp, metrics.Queued.Value);
        foreach (TappedInstrument instrument in metrics.Others.Instruments)
        {
            WriteTapped(writer, instrument);
        }

        WriteRuntime(writer, runtime);
        writer.End();
    }

    private static void WriteTapped(ExpositionWriter writer, TappedInstrument instrument)
    {
        writer.Family(instrument.Name, instrument.IsHistogram ? "histogram" : "counter", instrument.Help);
        foreach (TappedSeries series in instrument.Series)
        {
            (double sum, long[] counts) = series.Read();
            if (!instrument.IsHistogram)
            {
                writer.Sample(instrument.Name, "_total", sum, series.Labels);
                continue;
            }

            for (int i = 0; i < counts.Length; i++)
            {
                string bound = i < instrument.Bounds.Count ? PythonFloat.ToText(instrument.Bounds[i]) : "+Inf";
                writer.Sample(instrument.Name, "_bucket", counts[i], [new("le", bound), .. series.Labels]);
            }

            writer.Sample(instrument.Name, "_count", counts[^1], series.Labels);
            writer.Sample(instrument.Name, "_sum", sum, series.Labels);
        }
    }

    private static void WriteHistogram(ExpositionWriter writer, StageHistogram histogram, ExpositionFormat format)
    {
        StageSeries[] used = [.. histogram.Series.Where(series => series.Created is not null)];
        writer.Family(histogram.Name, "histogram", histogram.Help);
        Span<long> counts = stackalloc long[BucketText.Length];
        foreach (StageSeries series in used)
        {
            KeyValuePair<string, string> model = new("model_name", series.ModelName);
            series.ReadCumulative(counts);
            for (int i = 0; i < counts.Length; i++)
            {
                writer.Sample(histogram.Name, "_bucket", counts[i], new("le", BucketText[i]), model);
            }

            writer.Sample(histogram.Name, "_count", counts[^1], model);
            writer.Sample(histogram.Name, "_sum", series.Sum, model);
            if (format == ExpositionFormat.OpenMetrics)
            {
                writer.Sample(histogram.Name, "_created", series.Created!.Value, model);
            }
        }

        // The plain text format does not know creation times, so they stand as a gauge of their own.
        if (format == ExpositionFormat.PrometheusText && used.Length > 0)
        {
            writer.Family(histogram.Name + "_created", "gauge", histogram.Help);
            foreach (StageSeries series in used)
            {
                writer.Sample(
                    histogram.Name, "_created", series.Created!.Value, new KeyValuePair<string, string>("model_name", series.ModelName));
            }
        }
    }

    private static void WriteCounter(ExpositionWriter writer, string name, string help, IReadOnlyList<CounterSeries> all)
    {
        writer.Family(name, "counter", help);
        foreach (CounterSeries series in all)
        {
            writer.Sample(name, "_total", series.Value, [.. series.Labels]);
        }
    }

    private static void WriteGauge(ExpositionWriter writer, string name, string help, double value)
    {
        writer.Family(name, "gauge", help);
        writer.Sample(name, "", value);
    }

    private static void WriteRuntime(ExpositionWriter writer, in RuntimeReading runtime)
    {
        writer.Family("process_cpu_seconds", "counter", "user and system CPU time in seconds");
        writer.Sample("process_cpu_seconds", "_total", runtime.CpuSeconds);
        WriteGauge(writer, "process_resident_memory_bytes", "resident memory in bytes", runtime.ResidentBytes);
        if (runtime.OpenFileDescriptors is { } open)
        {
            WriteGauge(writer, "process_open_fds", "open file descriptors", open);
        }

        WriteGauge(writer, "process_start_time_seconds", "start of the process in seconds since 1970", runtime.StartSeconds);
        WriteGauge(writer, "dotnet_gc_heap_bytes", "bytes allocated on the managed heap", runtime.GcHeapBytes);
        writer.Family("dotnet_gc_collections", "counter", "garbage collections by generation");
        for (int generation = 0; generation < runtime.GcCollections.Count; generation++)
        {
            writer.Sample(
                "dotnet_gc_collections", "_total", runtime.GcCollections[generation],
                new KeyValuePair<string, string>("generation", ((char)('0' + generation)).ToString()));
        }

        WriteGauge(writer, "dotnet_threadpool_threads", "threads of the thread pool", runtime.ThreadPoolThreads);
        WriteGauge(writer, "dotnet_threadpool_queue_length", "work items waiting for a thread", runtime.ThreadPoolQueue);
    }
}
