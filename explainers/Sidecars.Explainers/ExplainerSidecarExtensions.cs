using Sidecars.Explainers.Serving;

namespace Sidecars.Explainers;

/// <summary>Puts explainers into a sidecar.</summary>
public static class ExplainerSidecarExtensions
{
    /// <summary>
    /// Adds an explainer as a model of its own (<see cref="ExplainerModel"/>), from the artefact in the model directory. Where
    /// no <c>--predictor_host</c> is given, the artefact's model answers <c>:predict</c>.
    /// </summary>
    /// <param name="sidecar">The sidecar.</param>
    /// <param name="configure">Sets it up; null for the defaults.</param>
    /// <param name="name">The model's name; null for <c>--model_name</c>.</param>
    public static SidecarBuilder AddExplainer(this SidecarBuilder sidecar, Action<TabularExplainerOptions>? configure = null, string? name = null)
    {
        TabularExplainer? made = null;
        TabularExplainer Make(IServiceProvider services) => made ??= new TabularExplainer(Options(configure), services);
        return sidecar
            .UsePredictor(services => new ArtifactPredictor(Make(services)))
            .AddModel(services => new ExplainerModel(Make(services), services), name);
    }

    /// <summary>
    /// Lets the model that was added last answer <c>:explain</c> from an artefact, in its own process. Its Postprocess, which
    /// is made for predictions, does not run on explanations.
    /// </summary>
    /// <param name="sidecar">The sidecar.</param>
    /// <param name="configure">Sets it up; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">No model was added yet, or it has an explainer already.</exception>
    public static SidecarBuilder ExplainWith(this SidecarBuilder sidecar, Action<TabularExplainerOptions>? configure = null) =>
        sidecar.UseExplainer(services => new TabularExplainer(Options(configure), services));

    private static TabularExplainerOptions Options(Action<TabularExplainerOptions>? configure)
    {
        var options = new TabularExplainerOptions();
        configure?.Invoke(options);
        return options;
    }
}
