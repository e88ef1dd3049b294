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
        "explainer_model_run_rows", "{row}", "rows of one run of the model, or of one request to the predictor", tags: null,
        new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384] });

    private static readonly Counter<long> s_explained = s_meter.CreateCounter<long>("explainer_rows_explained", "{row}", "rows explained");
    private static readonly Counter<long> s_calls = s_meter.CreateCounter<long>(
        "explainer_score_calls", "{call}", "calls of explanations for scores, whoever gave them");

    private static readonly Counter<long> s_scored = s_meter.CreateCounter<long>(
        "explainer_score_rows", "{row}", "rows that explanations had scored, whoever scored them");

    private static readonly Counter<long> s_mergeable = s_meter.CreateCounter<long>(
        "explainer_merged_calls", "{call}", "calls that could share runs of the model");

    private static readonly Counter<long> s_merged = s_meter.CreateCounter<long>(
        "explainer_merged_runs", "{run}", "runs of the model that these calls took together");

    /// <summary>Rows were explained.</summary>
    /// <param name="method">How: the method's name.</param>
    /// <param name="rows">How many.</param>
    /// <param name="scorer">What it took.</param>
    public static void Explained(string method, int rows, CountingScorer scorer)
    {
        var tag = new KeyValuePair<string, object?>("method", method);
        s_explained.Add(rows, tag);
        s_calls.Add(scorer.Calls, tag);
        s_scored.Add(scorer.Rows, tag);
    }

    /// <summary>A call came that may share a run.</summary>
    public static void Called() => s_mergeable.Add(1);

    /// <summary>A run begins for calls that share it.</summary>
    public static void Merged() => s_merged.Add(1);

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
