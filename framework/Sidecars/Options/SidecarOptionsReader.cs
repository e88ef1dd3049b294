using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Sidecars.Options;

/// <summary>
/// Reads the options. For each the first of these counts: its flag, its environment variables, its key in the
/// section "Sidecar", its default. Whatever is wrong is reported together, so that one start shows all of it; a
/// value that another one overrides is not looked at, except for flags, where argparse checks each.
/// </summary>
internal static class SidecarOptionsReader
{
    public const string Section = "Sidecar";

    public const int UsageError = 2;

    /// <param name="arguments">The command line, without the program's name.</param>
    /// <param name="configuration">Environment variables (unprefixed) and appsettings.json.</param>
    /// <param name="configure">What the application's own code sets; it wins over everything read here.</param>
    /// <param name="program">The name shown in the usage line; null for the name of the process's assembly.</param>
    /// <param name="applicationFlags">Names of the application's own flags, which no abbreviation of ours takes; null for none.</param>
    public static OptionsResult Read(
        IReadOnlyList<string> arguments,
        IConfiguration configuration,
        Action<SidecarOptions>? configure = null,
        string? program = null,
        IReadOnlyCollection<string>? applicationFlags = null)
    {
        program ??= AppDomain.CurrentDomain.FriendlyName;
        CommandLine line = CommandLine.Parse(arguments, applicationFlags);
        if (line.HelpRequested)
        {
            return new OptionsResult { ExitCode = 0, Output = HelpText.Write(program), UnknownFlags = line.Unknown, Words = line.Words };
        }

        SidecarOptions options = new();
        List<string> errors = [.. line.Errors];
        List<string> notices = [];
        Dictionary<string, string> texts = [];

        foreach ((OptionDefinition option, string value) in line.Given)
        {
            texts[option.Name] = value;
            if (option.Set(options, value) is { } problem)
            {
                errors.Add($"argument {option.Flag}: {problem}");
            }
        }

        foreach (OptionDefinition option in OptionTable.All)
        {
            if (!texts.ContainsKey(option.Name) && FromConfiguration(option, configuration) is var (source, value))
            {
                texts[option.Name] = value;
                if (option.Set(options, value) is not null)
                {
                    errors.Add($"option {option.Name}: {source} is {PythonText.Repr(value)}; allowed: {option.Allowed}");
                }
            }

            if (option.NoEffectBecause is { } because && texts.TryGetValue(option.Name, out string? given))
            {
                notices.Add($"{option.Flag} {given}: accepted, without effect: {because}");
            }
        }

        // The controller says --protocol and never --predictor_protocol; who says both means the latter.
        if (texts.TryGetValue("protocol", out string? protocol) && !texts.ContainsKey("predictor_protocol"))
        {
            _ = OptionTable.Find("predictor_protocol")!.Set(options, protocol);
        }

        if (errors.Count == 0)
        {
            configure?.Invoke(options);
            errors.AddRange(SidecarOptionsValidator.Validate(options));
        }

        notices.AddRange(UnknownKeys(configuration));
        notices.AddRange(MistypedVariables(configuration));
        notices.AddRange(MistypedFlags(line, applicationFlags));
        if (options is { EnablePredictorHealthCheck: true, PredictorHost: null })
        {
            notices.Add("--enable_predictor_health_check: without effect, there is no --predictor_host to ask");
        }

        return errors.Count == 0
            ? new OptionsResult { Options = options, Notices = notices, UnknownFlags = line.Unknown, Words = line.Words }
            : new OptionsResult
            {
                ExitCode = UsageError, Error = HelpText.WriteErrors(program, errors), UnknownFlags = line.Unknown, Words = line.Words,
            };
    }

    private static (string Source, string Value)? FromConfiguration(OptionDefinition option, IConfiguration configuration)
    {
        // An empty variable is how a pod's manifest says "not set".
        foreach (string variable in (string[])[option.EnvironmentVariable, .. option.OtherEnvironmentVariables])
        {
            if (configuration[variable] is { Length: > 0 } value)
            {
                return ("environment variable " + variable, value);
            }
        }

        IConfigurationSection key = configuration.GetSection(Section).GetSection(option.Name);
        string? text = key.Value;
        if (option.Kind == OptionKind.List && text is null)
        {
            string[] items = [.. key.GetChildren().Select(item => item.Value ?? "")];
            text = items.Length > 0 ? string.Join(',', items) : null;
        }

        return text is { Length: > 0 } ? ($"configuration key {Section}:{option.Name}", AsPath(option, text, configuration)) : null;
    }

    /// <summary>
    /// A relative path in appsettings.json is meant from where that file stands, wherever the process was started. On
    /// the command line and in the environment it is meant from the current folder, as everywhere.
    /// </summary>
    private static string AsPath(OptionDefinition option, string text, IConfiguration configuration) =>
        option.IsPath && configuration[HostDefaults.ContentRootKey] is { Length: > 0 } root ? Path.Combine(root, text) : text;

    private static IEnumerable<string> UnknownKeys(IConfiguration configuration) =>
        from key in configuration.GetSection(Section).GetChildren()
        where !OptionTable.All.Any(option => option.Name.Equals(key.Key, StringComparison.OrdinalIgnoreCase))
        select $"configuration key {Section}:{key.Key} is no option and has no effect; --help lists the names";

    /// <summary>Variables of ours, mistyped. Others may begin alike, such as those that Kubernetes makes of a Service's name.</summary>
    private static IEnumerable<string> MistypedVariables(IConfiguration configuration) =>
        from key in configuration.GetChildren()
        where key.Key.StartsWith(OptionDefinition.VariablePrefix, StringComparison.OrdinalIgnoreCase)
        where !OptionTable.All.Any(option => option.EnvironmentVariable.Equals(key.Key, StringComparison.OrdinalIgnoreCase))
        let meant = Resemblance.Nearest(key.Key, OptionTable.All.Select(static option => option.EnvironmentVariable))
        where meant is not null
        select $"environment variable {key.Key} is no option and has no effect; did you mean {meant}?";

    /// <summary>Unknown flags must pass, for the controller and the user's own code have theirs; but one that is nearly ours, or has
    /// one dash, is worth a word.</summary>
    private static IEnumerable<string> MistypedFlags(CommandLine line, IReadOnlyCollection<string>? applicationFlags) =>
        from flag in line.Unknown.Keys.Select(static name => "--" + name).Concat(line.Words.Where(static word => word.StartsWith('-')))
        let name = flag.TrimStart('-').Split('=')[0]
        where applicationFlags?.Contains(name) != true
        let meant = Resemblance.Nearest(name, OptionTable.All.Select(static option => option.Name))
        where meant is not null
        select $"{flag} is no option of the server, and left to the application; did you mean --{meant}?";
}
