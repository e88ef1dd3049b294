using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Options;
using Sidecars.Explainers.Shap;

namespace Sidecars.Explainers.Serving;

/// <summary>Makes the method of each type of the Shapley family, from what an artefact has.</summary>
internal static class ShapMethods
{
    /// <param name="type">The type.</param>
    /// <param name="settings">Its options when a request says nothing.</param>
    /// <param name="artifact">The artefact.</param>
    /// <param name="modelPath">The model whose file may be looked into; null where scores come from elsewhere.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="SidecarConfigurationException">The method needs what the artefact does not have.</exception>
    public static ShapMethod Create(string type, ExplainerSettings settings, ExplainerArtifact artifact, string? modelPath, TimeProvider time)
    {
        try
        {
            switch (type)
            {
                case "KernelShap":
                    return new KernelShap(artifact.Background!, time).ExplainAsync;
                case "TreeShap":
                    return Counting(artifact, settings, data =>
                    {
                        TreeShap trees = TreeShap.FromFile(Required(type, modelPath), artifact.Background, data, time);
                        return (_, rows, options, cancellation) => new(trees.Explain(rows, options, cancellation));
                    });
                case "LinearShap":
                    LinearModel model = LinearModelReader.TryRead(Required(type, modelPath), out string? reason)
                        ?? throw new NotSupportedException($"{modelPath} is no linear model. {reason}.");
                    var linear = new LinearShap(model, artifact.Background!, time);
                    return (_, rows, options, cancellation) => LinearShap.Refusal(model, options) is { } refusal
                        ? throw InferenceException.InvalidInput($"LinearShap cannot answer this: {refusal}")
                        : new(linear.Explain(rows, options, cancellation));
                default:
                    return Counting(artifact, settings, data => ShapExplainer.Create(modelPath, artifact.Background, data, time).ExplainAsync);
            }
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException or InvalidDataException or IOException)
        {
            throw new SidecarConfigurationException($"{type} cannot explain this model: {e.Message}", e);
        }
    }

    /// <summary>
    /// The path-dependent game alone wants to know how many training rows reached each node, which takes a tenth of a second
    /// to count: it is done when the first such question comes, where it is not what the artefact asks for anyway.
    /// </summary>
    private static ShapMethod Counting(ExplainerArtifact artifact, ExplainerSettings settings, Func<TabularData?, ShapMethod> make)
    {
        bool atOnce = artifact.Background is null || settings.Shap.Algorithm == TreeShapAlgorithm.TreePathDependent;
        ShapMethod first = make(atOnce ? artifact.Data : null);
        var counted = new Lazy<ShapMethod>(() => atOnce ? first : make(artifact.Data));
        return (scorer, rows, options, cancellation) =>
            (options.Algorithm == TreeShapAlgorithm.TreePathDependent ? counted.Value : first)(scorer, rows, options, cancellation);
    }

    private static string Required(string type, string? modelPath) => modelPath
        ?? throw new NotSupportedException($"{type} reads the artefact's 'model', and there is none it may read");
}
