using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sidecars.Explainers.Scoring;

/// <summary>What explanations cost their models, for whoever listens to the meter <c>Sidecars.Explainers</c>.</summary>
internal static class ScorerMeter
{
    private static readonly Meter s_meter = new("Sidecars.Explainers");
    private static readonly Counter<long> s_rows = s_meter.CreateCounter<long>("explainer_model_rows", "{row}", "rows scored for explanations");
    private static readonly Histogram<double> s_seconds = s_meter.CreateHistogram<double>(
        "explainer_model_seconds", "s", "time of one run of the model, or of one request to the predictor");

    private static readonly Histogram<long> s_sizes = s_meter.CreateHistogram<long>(
        "explainer_model_run_rows", "{row}", "rows of one run of the model, or of one request to the predictor");

    /// <summary>One run is over.</summary>
    /// <param name="scorer">Who ran: <c>onnx</c>, <c>game</c> or <c>predictor</c>.</param>
    /// <param name="rows">How many rows it had.</param>
    /// <param name="start">When it began, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    public static void Count(string scorer, long rows, long start)
    {
        var tag = new KeyValuePair<string, object?>("scorer", scorer);
        s_rows.Add(rows, tag);
        s_sizes.Record(rows, tag);
        if (s_seconds.Enabled)
        {
            s_seconds.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tag);
        }
    }
}
