using System.Text.Json;
using Sidecars.Explainers.Answers;
using Sidecars.Explainers.Options;

namespace Sidecars.Explainers.Serving;

/// <summary>An artefact, read and ready: its explainers, what scores for them, and the threads they compute on.</summary>
internal sealed class LoadedExplainers : IAsyncDisposable
{
    private readonly IServedExplainer[] _explainers;
    private readonly ExplanationThreads _threads;
    private readonly TimeProvider _time;

    public LoadedExplainers(ExplainerArtifact artifact, ScorerSource scorers, int threads, TimeProvider time)
    {
        _time = time;
        Artifact = artifact;
        Scorers = scorers;
        Rows = new RowReader(artifact.Schema);
        _explainers = [.. artifact.Document.Explainers.Select(definition => Make(definition, artifact, scorers, time))];
        _threads = new ExplanationThreads(threads);
    }

    public ExplainerArtifact Artifact { get; }

    public ScorerSource Scorers { get; }

    public RowReader Rows { get; }

    /// <summary>Explains rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="scorer">The model, for this caller.</param>
    /// <param name="given">What the request says of how.</param>
    /// <param name="context">The call: its name for the model, its deadline, cancellation and who listens.</param>
    /// <returns>What was found, and what MLServer calls the explainer.</returns>
    /// <exception cref="InferenceException">What the request says cannot be followed, or the model failed.</exception>
    public async ValueTask<(ExplanationAnswer Answer, string HeaderName)> ExplainAsync(
        TabularData rows, IScorer scorer, Dictionary<string, OptionInput> given, InferenceContext context)
    {
        IServedExplainer explainer = Choose(given);
        ExplainerSettings settings = explainer.Settings;
        foreach ((string name, OptionInput input) in given)
        {
            if (name != RequestedOptions.Explainer && explainer.Table.Set(ref settings, name, input, atStart: false) is { } problem)
            {
                throw InferenceException.InvalidInput(explainer.Table.Option(name) is null ? problem + ", " + RequestedOptions.Explainer : problem);
            }
        }

        TimeBudget budget = TimeBudget.Start(_time, settings.DeadlineMs, context.Deadline);
        var call = new ExplanationCall(context.ModelName, scorer, rows, settings, budget, _threads, _time, context.Progress, context.Cancellation);
        return (await explainer.ExplainAsync(call).ConfigureAwait(false), explainer.HeaderName);
    }

    public async ValueTask DisposeAsync()
    {
        _threads.Dispose();
        await Scorers.DisposeAsync().ConfigureAwait(false);
    }

    private IServedExplainer Choose(Dictionary<string, OptionInput> given)
    {
        if (!given.TryGetValue(RequestedOptions.Explainer, out OptionInput name) || name.IsNull)
        {
            return _explainers[0];
        }

        return Array.Find(_explainers, e => e.Table.Type.Equals(name.Text, StringComparison.OrdinalIgnoreCase)) ?? throw InferenceException.InvalidInput(
            $"there is no explainer {name.Shown} here; there is: {string.Join(", ", _explainers.Select(static e => e.Table.Type))}");
    }

    private static IServedExplainer Make(ExplainerDefinition definition, ExplainerArtifact artifact, ScorerSource scorers, TimeProvider time)
    {
        OptionTable table = OptionTable.Find(definition.Type)!;
        var settings = new ExplainerSettings();
        foreach ((string name, JsonElement value) in definition.Options ?? new Dictionary<string, JsonElement>())
        {
            table.Set(ref settings, name, new OptionInput(value), atStart: true);
        }

        return definition.Type == "AnchorTabular"
            ? new ServedAnchors(artifact, table, settings, time)
            : new ServedShap(artifact, table, settings, ShapMethods.Create(definition.Type, settings, artifact, scorers.Model?.Path, time));
    }
}
