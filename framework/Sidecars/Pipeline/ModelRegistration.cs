namespace Sidecars.Pipeline;

/// <summary>One line of the application's configuration: how to make a model and what to call it.</summary>
internal sealed record ModelRegistration(Func<IServiceProvider, Model> Create, string? Name, IReadOnlyList<string> Aliases);
