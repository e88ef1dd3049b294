namespace Sidecars.Pipeline;

/// <summary>One line of the application's configuration: how to make a model, what to call it, and what explains it.</summary>
internal sealed record ModelRegistration(Func<IServiceProvider, Model> Create, string? Name, IReadOnlyList<string> Aliases)
{
    public Func<IServiceProvider, IExplainer>? CreateExplainer { get; set; }
}
