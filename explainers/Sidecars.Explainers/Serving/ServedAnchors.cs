using Sidecars.Explainers.Answers;
using Sidecars.Explainers.Options;
using Sidecars.Explainers.Scoring;

namespace Sidecars.Explainers.Serving;

/// <summary>Answers with anchors.</summary>
internal sealed class ServedAnchors : IServedExplainer
{
    // So many rows of one request are searched at once: enough to merge, few enough to let others in between.
    private const int RowsAtOnce = 16;

    private readonly ExplainerArtifact _artifact;
    private readonly AnchorTabular _anchors;

    public ServedAnchors(ExplainerArtifact artifact, OptionTable table, ExplainerSettings settings, TimeProvider time)
    {
        _artifact = artifact;
        _anchors = new AnchorTabular(artifact.Schema, artifact.Data!, settings.DiscPerc, time);
        Table = table;
        Settings = settings;
    }

    public OptionTable Table { get; }

    public ExplainerSettings Settings { get; }

    public string HeaderName => "anchor_tabular";

    public async ValueTask<ExplanationAnswer> ExplainAsync(ExplanationCall call)
    {
        int count = call.Rows.Rows;
        var reports = AnchorReports.For(call);
        var anchors = new (AnchorExplanation Anchor, RunFacts Run)[count];
        if (count == 1)
        {
            anchors[0] = await call.Threads.RunAsync(() => ExplainAsync(call, 0, reports, call.Cancellation), call.Cancellation).ConfigureAwait(false);
        }
        else
        {
            await Parallel.ForAsync(
                0,
                count,
                new ParallelOptions { MaxDegreeOfParallelism = RowsAtOnce, CancellationToken = call.Cancellation },
                async (row, cancellation) =>
                    anchors[row] = await call.Threads.RunAsync(() => ExplainAsync(call, row, reports, cancellation), cancellation).ConfigureAwait(false))
                .ConfigureAwait(false);
        }

        return new AnchorAnswer(new AnswerSource(call.ModelName, _artifact.Schema, Table, call.Settings), anchors);
    }

    private async ValueTask<(AnchorExplanation, RunFacts)> ExplainAsync(
        ExplanationCall call, int row, AnchorReports? reports, CancellationToken cancellation)
    {
        long start = call.Time.GetTimestamp();
        var scorer = new CountingScorer(call.Scorer, call.Time);
        ReadOnlyMemory<float> values = call.Rows.Values.Slice(row * call.Rows.Features, call.Rows.Features);
        AnchorTabularOptions options = call.Settings.Anchors with { Deadline = call.Budget.Left, Progress = reports?.OfRow() };
        AnchorExplanation anchor = await _anchors.ExplainAsync(scorer, values, options, cancellation).ConfigureAwait(false);
        reports?.RowDone();
        ScorerMeter.Explained("AnchorTabular", 1, scorer);
        return (anchor, new RunFacts
        {
            Method = "AnchorTabular",
            Exact = false,
            Seed = call.Settings.Seed,
            Samples = anchor.Predictions,
            Calls = scorer.Calls,
            Rows = scorer.Rows,
            Elapsed = call.Time.GetElapsedTime(start),
            ModelTime = scorer.Elapsed,
            Reference = (_artifact.Data!.Rows, "all", _artifact.DataSha256),
            ModelSha256 = _artifact.ModelSha256,
        });
    }
}
