namespace Sidecars.Options;

/// <summary>What reading the options came to: options to run with, or a reason to end at once.</summary>
internal sealed record OptionsResult
{
    /// <summary>The options; null exactly when <see cref="ExitCode"/> is set.</summary>
    public SidecarOptions? Options { get; init; }

    /// <summary>0 after <c>--help</c>, 2 after errors, null to go on.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What to print on stdout before ending: the help.</summary>
    public string Output { get; init; } = "";

    /// <summary>What to print on stderr before ending: the errors.</summary>
    public string Error { get; init; } = "";

    /// <summary>Lines for the log at start-up: options that were accepted without effect, keys nobody reads.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Flags that are not ours, for the configuration the user's own code reads.</summary>
    public IReadOnlyDictionary<string, string?> UnknownFlags { get; init; } = new Dictionary<string, string?>();

    /// <summary>Words that are neither a flag nor the value of one, in their order.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];
}
