using System.Globalization;

namespace Sidecars.Explainers.Server.Commands;

/// <summary>
/// What was given for a command's flags. Reading collects what is wrong, so that one start shows all of it.
/// </summary>
/// <param name="given">The flags that are not the framework's.</param>
internal sealed class FlagValues(IReadOnlyDictionary<string, string?> given)
{
    /// <summary>Everything that was wrong so far.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>The text given; null where there was none.</summary>
    public string? Text(string name) => given.GetValueOrDefault(name);

    /// <summary>The text given, or an error that asks for it.</summary>
    public string Required(string name, string what)
    {
        if (Text(name) is { Length: > 0 } text)
        {
            return text;
        }

        Errors.Add($"--{name} is missing: give {what}");
        return "";
    }

    /// <summary>The parts between commas; none where nothing was given.</summary>
    public string[] List(string name) =>
        Text(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>A whole number within limits.</summary>
    public int Number(string name, int otherwise, int least, int most)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
        {
            return value;
        }

        Errors.Add($"--{name} is '{text}'; allowed: a whole number from {least} to {most}");
        return otherwise;
    }

    /// <summary>One word of several.</summary>
    public string Choice(string name, string otherwise, params string[] allowed)
    {
        if (Text(name) is not { } text || allowed.Contains(text, StringComparer.Ordinal))
        {
            return Text(name) ?? otherwise;
        }

        Errors.Add($"--{name} is '{text}'; allowed: {string.Join(", ", allowed)}");
        return otherwise;
    }

    /// <summary>Whether a flag without value was given.</summary>
    public bool Switch(string name)
    {
        switch (Text(name)?.ToLowerInvariant())
        {
            case null or "false" or "no" or "0":
                return false;
            case "true" or "yes" or "1":
                return true;
            default:
                Errors.Add($"--{name} is '{Text(name)}'; it takes no value");
                return false;
        }
    }
}
