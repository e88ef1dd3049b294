using Microsoft.Extensions.Logging;
using Sidecars.Explainers.Scoring;
using Sidecars.Onnx;

namespace Sidecars.Explainers.Serving;

/// <summary>
/// What scores rows: the artefact's model, shared by all callers, or the predictor of each call. Where hooks are explained it
/// is always the call's predictor, which then is the model with its hooks.
/// </summary>
internal sealed class ScorerSource : IAsyncDisposable
{
    private readonly ExplainerArtifact _artifact;
    private readonly bool _hooks;
    private readonly IScorer? _scorer;
    private readonly BatchingScorer? _merging;

    private ScorerSource(ExplainerArtifact artifact, bool hooks, OnnxModel? model = null, IScorer? scorer = null, BatchingScorer? merging = null)
    {
        _artifact = artifact;
        _hooks = hooks;
        _scorer = scorer;
        _merging = merging;
        Model = model;
    }

    /// <summary>The artefact's model; null when it has none, or hooks are explained.</summary>
    public OnnxModel? Model { get; }

    /// <summary>Reads the model, if there is one to read.</summary>
    /// <exception cref="SidecarConfigurationException">It cannot be used.</exception>
    public static ScorerSource Open(ExplainerArtifact artifact, TabularExplainerOptions options, OnnxOptions onnx, ILogger log, TimeProvider time)
    {
        bool hooks = !options.PreprocessFirst;
        if (artifact.ModelPath is not { } path || hooks)
        {
            return new ScorerSource(artifact, hooks);
        }

        var model = new OnnxModel(path, onnx, log);
        try
        {
            IScorer scorer = ModelScorers.Open(model, artifact.Schema, new OnnxScorerOptions { Output = artifact.Document.Output }, artifact.Data);
            bool merge = options.Merge ?? (scorer is OnnxScorer && model.Device != OnnxDevice.Cpu);
            return new ScorerSource(artifact, hooks, model, scorer, merge ? new BatchingScorer(scorer, options.Merging, time) : null);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The model as one caller asks it.</summary>
    public IScorer For(InferenceContext context, RequestedRows rows)
    {
        if (_scorer is not null)
        {
            return _merging ?? _scorer;
        }

        var options = new PredictorScorerOptions { Output = _artifact.Document.Output };
        return _hooks
            ? new PredictorScorer(context, _artifact.Schema, options, new RowWriter(_artifact.Schema, rows).Write)
            : new PredictorScorer(context, _artifact.Schema, options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_merging is not null)
        {
            await _merging.DisposeAsync().ConfigureAwait(false);
        }

        (_scorer as IDisposable)?.Dispose();
        Model?.Dispose();
    }
}
