using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Scoring;
using Sidecars.Explainers.Shap;

namespace Sidecars.Explainers;

/// <summary>
/// Shapley values by the method that suits the model: <see cref="TreeShap"/> for tree ensembles, the closed form for linear
/// models, <see cref="KernelShap"/> for all others, and for those questions about trees and linear models that the first
/// two do not answer. The answer says which method it was and whether it is exact.
/// </summary>
/// <remarks>
/// <para><see cref="ShapModelOutput.Auto"/> is the raw margin for trees and linear classifiers, except for forests, whose
/// probabilities are sums over trees themselves; the value of a regression; and what the scorer answers otherwise. With the
/// logit link it is the probability, to whose average the link is applied.</para>
/// <para>Thread-safe.</para>
/// </remarks>
public sealed class ShapExplainer
{
    // The game of so many players is played whole in milliseconds where trees or a linear model play it themselves.
    private const int MostPlayedWhole = 13;

    private readonly TreeShap? _trees;
    private readonly bool _additive;
    private readonly LinearModel? _linear;
    private readonly LinearShap? _closed;
    private readonly KernelShap? _kernel;

    private ShapExplainer(TreeShap? trees, bool additive, LinearModel? linear, Background? background, TimeProvider? time)
    {
        _trees = trees;
        _additive = additive;
        _linear = linear;
        if (background is not null)
        {
            _closed = linear is null ? null : new LinearShap(linear, background, time);
            _kernel = new KernelShap(background, time);
        }
    }

    /// <summary>Looks at a model and prepares what explains it.</summary>
    /// <param name="onnxPath">The model's file; null where there is none, or its scores come from elsewhere, as through hooks.</param>
    /// <param name="background">Where absent features come from; null only for trees with training data.</param>
    /// <param name="train">The training rows, for <see cref="TreeShapAlgorithm.TreePathDependent"/>; null if it is not wanted.</param>
    /// <param name="time">The clock for <see cref="ShapOptions.Deadline"/>; null for the system's.</param>
    /// <exception cref="SidecarConfigurationException">There is no background where one is needed, or what is given does not
    /// fit the model.</exception>
    public static ShapExplainer Create(string? onnxPath, Background? background, TabularData? train = null, TimeProvider? time = null)
    {
        TreeEnsemble? trees;
        LinearModel? linear;
        try
        {
            trees = onnxPath is null ? null : TreeEnsembleReader.TryRead(onnxPath);
            linear = onnxPath is null || trees is not null ? null : LinearModelReader.TryRead(onnxPath);
            foreach (int features in new[] { background?.Rows.Features, train?.Features }.OfType<int>())
            {
                trees = trees?.WithFeatures(features);
                if (linear is not null && linear.Features != features)
                {
                    throw new ArgumentException($"Rows of {features} features are no rows of a model of {linear.Features}.");
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            throw new SidecarConfigurationException($"{onnxPath} cannot be explained: {e.Message}", e);
        }

        if (background is null && (trees is null || (train is null && trees.Covers is null)))
        {
            throw new SidecarConfigurationException("Shapley values need a background, or training data and a tree ensemble.");
        }

        TreeShap? shap = trees is null ? null : new TreeShap(train is null ? trees : trees.WithCovers(train), background, time: time);
        return new ShapExplainer(shap, trees is { IsAdditive: true }, linear, background, time);
    }

    /// <summary>Explains rows.</summary>
    /// <param name="scorer">The model, for the questions that are answered by asking it.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InferenceException">Rows or options do not fit the model; or the model failed.</exception>
    public ValueTask<ShapExplanation> ExplainAsync(
        IScorer scorer, TabularData rows, ShapOptions options, CancellationToken cancellation = default)
    {
        if (_trees is not null)
        {
            return AnswersTrees(options) ? new(_trees.Explain(rows, options, cancellation)) : PlayAsync(scorer, rows, options, cancellation);
        }

        if (options.Algorithm == TreeShapAlgorithm.TreePathDependent)
        {
            throw InferenceException.InvalidInput("The path-dependent game is played on trees, and the model is no tree ensemble.");
        }

        if (_closed is not null && LinearShap.Refusal(_linear!, options) is null)
        {
            return new(_closed.Explain(rows, options, cancellation));
        }

        return options.ModelOutput == ShapModelOutput.Raw
            ? throw InferenceException.InvalidInput(_linear is null
                ? "The raw margin is known of tree ensembles and linear models only; leave model_output to auto."
                : "The logit link is for probabilities, not for the raw margin.")
            : PlayAsync(scorer, rows, options, cancellation);
    }

    // What TreeShap has in closed form, and what it refuses by itself, in its own words.
    private bool AnswersTrees(ShapOptions options) =>
        _kernel is null
        || options.Algorithm == TreeShapAlgorithm.TreePathDependent
        || options.ModelOutput == ShapModelOutput.Raw
        || (options.Link == ShapLink.Identity && (_additive || options.ModelOutput == ShapModelOutput.Auto));

    private ValueTask<ShapExplanation> PlayAsync(IScorer scorer, TabularData rows, ShapOptions options, CancellationToken cancellation)
    {
        int players = options.Groups?.Count ?? rows.Features;
        bool whole = options.NSamples is null && players is > 1 and <= MostPlayedWhole
            && (_trees is not null || _linear is not null) && scorer is ICoalitionScorer { ScoresCoalitions: true };
        return _kernel!.ExplainAsync(scorer, rows, whole ? options with { NSamples = (1 << players) - 2 } : options, cancellation);
    }
}
