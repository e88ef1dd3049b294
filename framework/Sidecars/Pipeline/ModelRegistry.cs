using Microsoft.Extensions.Logging;
using Sidecars.Telemetry;

namespace Sidecars.Pipeline;

/// <summary>The models of this process under their names, and their loading and unloading.</summary>
internal sealed partial class ModelRegistry
{
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly ILogger _log;

    // Registration order, which the list of models shows.
    private readonly List<RegisteredModel> _all = [];

    // Replaced as a whole, so that requests read it without a lock.
    private volatile Dictionary<string, RegisteredModel> _registered = new(StringComparer.Ordinal);

    public ModelRegistry(
        IEnumerable<ModelRegistration> registrations,
        IServiceProvider services,
        SidecarOptions options,
        SidecarMetrics metrics,
        ILoggerFactory logs)
    {
        _log = logs.CreateLogger("Sidecars.Models");
        foreach (ModelRegistration registration in registrations)
        {
            Model model = registration.Create(services);
            model.RegisteredName = registration.Name ?? options.ModelName;
            IExplainer? explainer = registration.CreateExplainer?.Invoke(services);
            string name = registration.Name ?? model.Name;
            foreach (string each in registration.Aliases.Prepend(name))
            {
                if (string.IsNullOrEmpty(each) || each.Contains('/', StringComparison.Ordinal))
                {
                    throw new SidecarConfigurationException($"'{each}' is no name for a model: it must not be empty nor contain a slash.");
                }

                if (_all.Exists(r => r.Name == each))
                {
                    throw new SidecarConfigurationException(
                        $"Two models are called '{each}'. Give each its own name: AddModel<{model.GetType().Name}>(\"…\").");
                }

                _all.Add(new RegisteredModel(each, model, explainer, metrics.Stages, logs.CreateLogger(model.GetType())));
            }
        }

        Publish();
    }

    public IEnumerable<string> Names => Registered.Select(static r => r.Name);

    /// <summary>What is served at present, in the order of registration.</summary>
    public IEnumerable<RegisteredModel> Registered
    {
        get
        {
            Dictionary<string, RegisteredModel> registered = _registered;
            return _all.Where(r => registered.ContainsKey(r.Name));
        }
    }

    public bool AllReady => _registered.Values.All(static r => r.Model.Ready);

    public RegisteredModel? Find(string name) => _registered.GetValueOrDefault(name);

    /// <summary>The model that is asked for, ready to serve; a 404 or 503 otherwise.</summary>
    public RegisteredModel Require(string name)
    {
        RegisteredModel registered = Find(name) ?? throw InferenceException.ModelNotFound(name);
        return registered.Model.Ready ? registered : throw InferenceException.ModelNotReady(name);
    }

    /// <summary>Loads every model; fails when there are some and none is ready.</summary>
    public async Task LoadAllAsync(CancellationToken cancellation)
    {
        List<string> notReady = [];
        foreach (RegisteredModel registered in _all.DistinctBy(static r => r.Model))
        {
            await LoadAsync(registered, cancellation).ConfigureAwait(false);
            if (!registered.Model.Ready)
            {
                notReady.Add(registered.Name);
                Log.NotReady(_log, registered.Name);
            }
        }

        if (notReady.Count > 0 && notReady.Count == _all.DistinctBy(static r => r.Model).Count())
        {
            throw new SidecarConfigurationException(notReady.Count == 1
                ? $"Model with name {notReady[0]} is not ready."
                : $"Models with names {string.Join(',', notReady)} are not ready.");
        }
    }

    public async Task StopAllAsync(CancellationToken cancellation)
    {
        foreach (RegisteredModel registered in _registered.Values.DistinctBy(static r => r.Model))
        {
            try
            {
                await StopAsync(registered, cancellation).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Log.StopFailed(_log, registered.Name, e);
            }
        }
    }

    /// <summary>The repository API's load: a known model is made ready, an unloaded one is loaded again.</summary>
    public async Task LoadAsync(string name, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            RegisteredModel? known = _all.Find(r => r.Name == name);
            if (known is not null && (!known.Model.Ready || IsStopped(known)))
            {
                try
                {
                    await LoadAsync(known, cancellation).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    Log.LoadFailed(_log, name, e);
                    throw InferenceException.ModelNotReady(name);
                }
            }

            if (known is null || !known.Model.Ready)
            {
                throw InferenceException.ModelNotReady(name);
            }

            known.Unloaded = false;
            Publish();
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>The repository API's unload: the name is gone; the model stops when no other name is left for it.</summary>
    public async Task UnloadAsync(string name, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            RegisteredModel registered = Find(name) ?? throw InferenceException.ModelNotFound(name);
            registered.Unloaded = true;
            Publish();
            if (IsStopped(registered))
            {
                await StopAsync(registered, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Whether no name is left for its model. Such a model was stopped, whatever an override of its StopAsync says of it.</summary>
    private bool IsStopped(RegisteredModel registered) => _all.TrueForAll(r => r.Unloaded || r.Model != registered.Model);

    private static async ValueTask LoadAsync(RegisteredModel registered, CancellationToken cancellation)
    {
        await registered.Model.LoadAsync(cancellation).ConfigureAwait(false);
        if (registered.Explainer is { } explainer)
        {
            await explainer.LoadAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static async ValueTask StopAsync(RegisteredModel registered, CancellationToken cancellation)
    {
        try
        {
            await registered.Model.StopAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (registered.Explainer is { } explainer)
            {
                await explainer.StopAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    private void Publish() =>
        _registered = _all.Where(static r => !r.Unloaded).ToDictionary(static r => r.Name, StringComparer.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Model {Model} is registered but not ready after loading; its requests answer 503")]
        public static partial void NotReady(ILogger logger, string model);

        [LoggerMessage(2, LogLevel.Error, "Model {Model} failed to load")]
        public static partial void LoadFailed(ILogger logger, string model, Exception e);

        [LoggerMessage(3, LogLevel.Error, "Model {Model} failed to stop")]
        public static partial void StopFailed(ILogger logger, string model, Exception e);
    }
}
