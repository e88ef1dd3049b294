using Sidecars.Explainers.Answers;
using Sidecars.Explainers.Options;
using Sidecars.Explainers.Scoring;

namespace Sidecars.Explainers.Serving;

/// <summary>Answers with Shapley values, of any number of rows at once.</summary>
internal sealed class ServedShap(ExplainerArtifact artifact, OptionTable table, ExplainerSettings settings, ShapMethod method) : IServedExplainer
{
    public OptionTable Table => table;

    public ExplainerSettings Settings => settings;

    public string HeaderName => "shap_wrappers";

    public async ValueTask<ExplanationAnswer> ExplainAsync(ExplanationCall call)
    {
        long start = call.Time.GetTimestamp();
        var scorer = new CountingScorer(call.Scorer, call.Time);
        ShapOptions options = call.Settings.Shap with { Deadline = call.Budget.Left, Progress = ShapReports.For(call) };
        ShapExplanation shap = await call.Threads.RunAsync(
            () => method(scorer, call.Rows, options, call.Cancellation), call.Cancellation).ConfigureAwait(false);
        ScorerMeter.Explained(shap.Method, call.Rows.Rows, scorer);
        var run = new RunFacts
        {
            Method = shap.Method,
            Exact = shap.Exact,
            Seed = call.Settings.Seed,
            Samples = shap.Samples,
            Calls = scorer.Calls,
            Rows = scorer.Rows,
            Elapsed = call.Time.GetElapsedTime(start),
            ModelTime = scorer.Elapsed,
            Reference = options.Algorithm != TreeShapAlgorithm.TreePathDependent && artifact.Background is { } background ? (background.Rows.Rows, background.Method, artifact.BackgroundSha256) : null,
            ModelSha256 = artifact.ModelSha256,
        };
        return new ShapAnswer(new AnswerSource(call.ModelName, artifact.Schema, table, call.Settings), call.Rows, shap, run);
    }
}
