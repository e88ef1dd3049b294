namespace Sidecars.Options;

/// <summary>One row of the <see cref="OptionTable"/>: the single place that knows an option's name, type, range and
/// help. Its default is read from a new <see cref="SidecarOptions"/>, so it cannot differ from it.</summary>
internal sealed record OptionDefinition
{
    /// <summary>What the name of each option's environment variable begins with.</summary>
    public const string VariablePrefix = "SIDECAR_";

    /// <summary>The flag's name without its two dashes.</summary>
    public required string Name { get; init; }

    public required OptionKind Kind { get; init; }

    public required string Help { get; init; }

    /// <summary>The values taken, as a person would say it: "a whole number from 0 to 65535".</summary>
    public required string Allowed { get; init; }

    /// <summary>The current value as text; "none" for null.</summary>
    public required Func<SidecarOptions, string> Show { get; init; }

    /// <summary>Reads the text into the options. Returns null, or what is wrong with the text.</summary>
    public required Func<SidecarOptions, string, string?> Set { get; init; }

    /// <summary>Whether the value now in the options is one that <see cref="Set"/> would take: code can put
    /// anything there.</summary>
    public Func<SidecarOptions, bool> IsAllowed { get; init; } = static _ => true;

    public OptionOrigin Origin { get; init; } = OptionOrigin.KServe;

    /// <summary>Why the option is read and checked but changes nothing; null for options with an effect.</summary>
    public string? NoEffectBecause { get; init; }

    /// <summary>Whether the text is a path, which in appsettings.json may be relative to the application's folder.</summary>
    public bool IsPath { get; init; }

    /// <summary>Further environment variables, read after <see cref="EnvironmentVariable"/>.</summary>
    public IReadOnlyList<string> OtherEnvironmentVariables { get; init; } = [];

    public string Flag => "--" + Name;

    public string EnvironmentVariable => VariablePrefix + Name.Replace('-', '_').ToUpperInvariant();
}
