using System.Globalization;

namespace Sidecars.Options;

/// <summary>Makes definitions of each kind. What is wrong with a value is said in argparse's words where argparse
/// has words for it.</summary>
internal static class OptionKinds
{
    /// <summary>Timers take no more milliseconds than fit 31 bits.</summary>
    private const int MaxSeconds = int.MaxValue / 1000;

    public static OptionDefinition Int(
        string name, string help, long min, long max, Func<SidecarOptions, long?> get, Action<SidecarOptions, long> set)
    {
        string allowed = string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}");
        return new OptionDefinition
        {
            Name = name,
            Kind = OptionKind.Int,
            Help = help,
            Allowed = allowed,
            Show = options => get(options)?.ToString(CultureInfo.InvariantCulture) ?? "none",
            IsAllowed = options => get(options) is not { } value || (value >= min && value <= max),
            Set = (options, text) =>
            {
                if (!PythonText.TryInt(text, out long value))
                {
                    return $"invalid int value: {PythonText.Repr(text)}";
                }

                if (value < min || value > max)
                {
                    return $"value out of range: {PythonText.Repr(text)} (allowed: {allowed})";
                }

                set(options, value);
                return null;
            },
        };
    }

    /// <summary>A duration in seconds: whole ones where KServe reads an int, fractions for our own options.</summary>
    public static OptionDefinition Seconds(
        string name, string help, bool whole, bool zero, Func<SidecarOptions, TimeSpan?> get, Action<SidecarOptions, TimeSpan> set)
    {
        string allowed = (whole, zero) switch
        {
            (true, false) => $"a whole number of seconds from 1 to {MaxSeconds}",
            (true, true) => $"a whole number of seconds from 0 to {MaxSeconds}",
            (false, false) => $"a number of seconds, more than 0 and at most {MaxSeconds}",
            (false, true) => $"a number of seconds from 0 to {MaxSeconds}",
        };
        bool InRange(TimeSpan value) =>
            (zero ? value >= TimeSpan.Zero : value > TimeSpan.Zero) && value <= TimeSpan.FromSeconds(MaxSeconds);
        return new OptionDefinition
        {
            Name = name,
            Kind = whole ? OptionKind.Int : OptionKind.Float,
            Help = help,
            Allowed = allowed,
            Show = options => get(options)?.TotalSeconds.ToString(CultureInfo.InvariantCulture) ?? "none",
            IsAllowed = options => get(options) is not { } value || InRange(value),
            Set = (options, text) =>
            {
                double seconds;
                if (whole)
                {
                    if (!PythonText.TryInt(text, out long wholeSeconds))
                    {
                        return $"invalid int value: {PythonText.Repr(text)}";
                    }

                    seconds = wholeSeconds;
                }
                else if (!PythonText.TryFloat(text, out seconds))
                {
                    return $"invalid float value: {PythonText.Repr(text)}";
                }

                // Compared as a number first: a TimeSpan cannot hold NaN nor everything a double can.
                if (!(seconds >= 0 && seconds <= MaxSeconds) || !InRange(TimeSpan.FromSeconds(seconds)))
                {
                    return $"value out of range: {PythonText.Repr(text)} (allowed: {allowed})";
                }

                set(options, TimeSpan.FromSeconds(seconds));
                return null;
            },
        };
    }

    public static OptionDefinition Bool(
        string name, string help, Func<SidecarOptions, bool> get, Action<SidecarOptions, bool> set) => new()
        {
            Name = name,
            Kind = OptionKind.Bool,
            Help = help,
            Allowed = "true or false (" + PythonText.BoolWords + ")",
            Show = options => get(options) ? "true" : "false",
            Set = (options, text) =>
            {
                if (!PythonText.TryBool(text, out bool value))
                {
                    return $"invalid bool value: {PythonText.Repr(text)} (choose from {PythonText.BoolWords})";
                }

                set(options, value);
                return null;
            },
        };

    public static OptionDefinition Text(
        string name,
        string help,
        string allowed,
        Func<SidecarOptions, string?> get,
        Action<SidecarOptions, string> set,
        Func<string, bool>? isAllowed = null) => new()
        {
            Name = name,
            Kind = OptionKind.Text,
            Help = help,
            Allowed = allowed,
            Show = options => get(options) switch { null => "none", "" => "(empty)", var text => text },
            IsAllowed = options => isAllowed is null || get(options) is not { } text || isAllowed(text),
            Set = (options, text) =>
            {
                if (isAllowed is not null && !isAllowed(text))
                {
                    return $"invalid value: {PythonText.Repr(text)} (allowed: {allowed})";
                }

                set(options, text);
                return null;
            },
        };

    public static OptionDefinition Choice(
        string name,
        string help,
        string[] choices,
        Func<SidecarOptions, string> get,
        Action<SidecarOptions, string> set,
        bool ignoreCase = false)
    {
        StringComparer comparer = ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        string allowed = string.Join(", ", choices);
        return new OptionDefinition
        {
            Name = name,
            Kind = OptionKind.Choice,
            Help = help,
            Allowed = "one of " + allowed,
            Show = get,
            IsAllowed = options => choices.Contains(get(options)),
            Set = (options, text) =>
            {
                if (!choices.Contains(text, comparer))
                {
                    string shown = string.Join(", ", choices.Select(PythonText.Repr));
                    return $"invalid choice: {PythonText.Repr(text)} (choose from {shown})";
                }

                set(options, text);
                return null;
            },
        };
    }

    /// <summary>Names separated by commas, each a token as HTTP defines it.</summary>
    public static OptionDefinition HeaderList(
        string name, string help, Func<SidecarOptions, IList<string>> get, Action<SidecarOptions, IList<string>> set)
    {
        const string Allowed = "header names separated by commas";
        return new OptionDefinition
        {
            Name = name,
            Kind = OptionKind.List,
            Help = help,
            Allowed = Allowed,
            Show = options => get(options) is { Count: > 0 } names ? string.Join(',', names) : "none",
            IsAllowed = options => get(options).All(IsToken),
            Set = (options, text) =>
            {
                string[] names = text.ToLowerInvariant()
                    .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                if (!names.All(IsToken))
                {
                    return $"invalid value: {PythonText.Repr(text)} (allowed: {Allowed})";
                }

                set(options, names.Distinct().ToList());
                return null;
            },
        };
    }

    private static bool IsToken(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c));
}
