using System.Diagnostics.Metrics;

namespace Sidecars.Telemetry;

/// <summary>KServe's four histograms, with its names and help texts.</summary>
internal sealed class StageMetrics(Meter meter, TimeProvider time)
{
    public StageHistogram Preprocess { get; } =
        new(SidecarTelemetry.PreprocessSeconds, "pre-process request latency", meter, time);

    public StageHistogram Postprocess { get; } =
        new(SidecarTelemetry.PostprocessSeconds, "post-process request latency", meter, time);

    public StageHistogram Predict { get; } =
        new(SidecarTelemetry.PredictSeconds, "predict request latency", meter, time);

    public StageHistogram Explain { get; } =
        new(SidecarTelemetry.ExplainSeconds, "explain request latency", meter, time);

    /// <summary>In the order in which KServe lists them.</summary>
    public IReadOnlyList<StageHistogram> All => [Preprocess, Postprocess, Predict, Explain];
}
