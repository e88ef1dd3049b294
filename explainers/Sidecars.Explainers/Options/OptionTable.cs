namespace Sidecars.Explainers.Options;

/// <summary>
/// The options of one type of explainer. Everything that names options is read from here: explainer.json and its schema,
/// parameters of requests, flags, the answer's <c>meta.params</c>, and docs/explainers.md.
/// </summary>
internal sealed class OptionTable
{
    private readonly Dictionary<string, ExplainerOption> _byName;

    private OptionTable(string type, IReadOnlyList<ExplainerOption> options)
    {
        Type = type;
        Options = options;
        _byName = options.SelectMany(static o => o.OtherNames.Prepend(o.Name).Select(n => (Name: n, Option: o)))
            .ToDictionary(static p => p.Name, static p => p.Option, StringComparer.Ordinal);
    }

    public static IReadOnlyList<OptionTable> All { get; } =
    [
        new("AnchorTabular", AnchorOptions.All),
        new("Shap", ShapleyOptions.Any),
        new("KernelShap", ShapleyOptions.Kernel),
        new("TreeShap", ShapleyOptions.Tree),
        new("LinearShap", ShapleyOptions.Linear),
    ];

    public static string KnownTypes => string.Join(", ", All.Select(static t => t.Type));

    public string Type { get; }

    public IReadOnlyList<ExplainerOption> Options { get; }

    public static OptionTable? Find(string type) => All.FirstOrDefault(t => t.Type == type);

    public ExplainerOption? Option(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Sets one option.</summary>
    /// <param name="settings">The settings; unchanged when there is a problem.</param>
    /// <param name="name">The option's name.</param>
    /// <param name="input">Its value.</param>
    /// <param name="atStart">Whether the server is being set up, and no request is answered.</param>
    /// <returns>What is wrong; null for nothing.</returns>
    public string? Set(ref ExplainerSettings settings, string name, OptionInput input, bool atStart)
    {
        if (Option(name) is not { } option)
        {
            return $"{Type} has no option '{name}'; known: {string.Join(", ", Options.Where(o => atStart || !o.AtStart).Select(static o => o.Name))}";
        }

        if (option.AtStart && !atStart)
        {
            return $"'{name}' is settled when the server starts: set it in explainer.json";
        }

        if (option.Set(settings, input) is not { } changed)
        {
            return $"'{name}' is {input.Shown}; allowed: {option.Allowed}";
        }

        settings = changed;
        return null;
    }
}
