using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Sidecars.Pipeline;

namespace Sidecars;

/// <summary>What a sidecar consists of: its models, and the predictor behind them.</summary>
public sealed class SidecarBuilder
{
    private ModelRegistration? _last;

    internal SidecarBuilder(IServiceCollection services) => Services = services;

    /// <summary>The application's services; constructor parameters of models come from here.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a model. Its constructor's parameters come from the services.</summary>
    /// <param name="name">Its name; null leaves it to <see cref="Model.Name"/>, whose default is <c>--model_name</c>.</param>
    /// <param name="aliases">More names for the same model.</param>
    public SidecarBuilder AddModel<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TModel>(
        string? name = null, params IReadOnlyList<string> aliases)
        where TModel : Model =>
        AddModel(static services => ActivatorUtilities.CreateInstance<TModel>(services), name, aliases);

    /// <summary>Adds a model that is made by a function.</summary>
    /// <param name="create">Makes the model, once.</param>
    /// <param name="name">Its name; null leaves it to <see cref="Model.Name"/>, whose default is <c>--model_name</c>.</param>
    /// <param name="aliases">More names for the same model.</param>
    public SidecarBuilder AddModel(Func<IServiceProvider, Model> create, string? name = null, params IReadOnlyList<string> aliases)
    {
        _last = new ModelRegistration(create, name, aliases);
        Services.AddSingleton(_last);
        return this;
    }

    /// <summary>Attaches an explainer to the model that was added last: it answers <c>:explain</c> in the model's place.</summary>
    /// <param name="create">Makes the explainer, once.</param>
    /// <exception cref="InvalidOperationException">No model was added yet, or the model has an explainer already.</exception>
    public SidecarBuilder UseExplainer(Func<IServiceProvider, IExplainer> create)
    {
        ModelRegistration model = _last ?? throw new InvalidOperationException("There is no model to explain yet: call AddModel first.");
        model.CreateExplainer = model.CreateExplainer is null
            ? create
            : throw new InvalidOperationException("The model that was added last has an explainer already.");
        return this;
    }

    /// <summary>
    /// Sets the predictor that answers when no <c>--predictor_host</c> is given. An <see cref="IEmbeddedPredictor"/> is
    /// loaded before the port opens.
    /// </summary>
    public SidecarBuilder UsePredictor(Func<IServiceProvider, IPredictor> create)
    {
        Services.AddSingleton(new LocalPredictor(create));
        return this;
    }
}
