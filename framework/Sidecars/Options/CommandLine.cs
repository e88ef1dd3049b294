using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Sidecars.Options;

/// <summary>
/// Splits arguments by the rules of Python argparse's <c>parse_known_args</c>, which KServe's own server uses and
/// the controller therefore relies on: unknown flags and stray words are let pass, the last duplicate wins, an
/// unambiguous beginning of a flag stands for it, and <c>--</c> ends the flags.
/// </summary>
internal sealed partial class CommandLine
{
    private readonly List<(OptionDefinition Option, string Value)> _given = [];
    private readonly List<string> _errors = [];
    private readonly Dictionary<string, string?> _unknown = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _words = [];

    private readonly IReadOnlyCollection<string> _applicationFlags;

    private CommandLine(IReadOnlyCollection<string> applicationFlags) => _applicationFlags = applicationFlags;

    /// <summary>The known flags in the order given, duplicates included: a bad value is an error even where a later
    /// one takes its place.</summary>
    public IReadOnlyList<(OptionDefinition Option, string Value)> Given => _given;

    /// <summary>What could not be read, in argparse's words.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Flags that are not ours, for the user's own code: name without dashes, value; "true" where none
    /// followed.</summary>
    public IReadOnlyDictionary<string, string?> Unknown => _unknown;

    /// <summary>Words that are neither a flag nor the value of one, in their order.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>Whether exactly <c>--help</c> was among them.</summary>
    public bool HelpRequested { get; private set; }

    /// <param name="arguments">The command line, without the program's name.</param>
    /// <param name="applicationFlags">Names of the user's own flags that would otherwise stand for the beginning of one of
    /// ours; null for none.</param>
    public static CommandLine Parse(IReadOnlyList<string> arguments, IReadOnlyCollection<string>? applicationFlags = null)
    {
        CommandLine line = new(applicationFlags ?? []);
        for (int i = 0; i < arguments.Count && arguments[i] != "--"; i++)
        {
            string argument = arguments[i];
            bool hasNext = i + 1 < arguments.Count && IsValue(arguments[i + 1]);
            if (argument == "--help")
            {
                line.HelpRequested = true;
            }
            else if (TryFlag(argument, out string? name, out string? value))
            {
                i += line.Take(name, value, hasNext ? arguments[i + 1] : null) ? 1 : 0;
            }
            else
            {
                line._words.Add(argument);
            }
        }

        return line;
    }

    /// <summary>Takes one flag in. Returns whether the next argument was used up as its value.</summary>
    private bool Take(string name, string? attached, string? next)
    {
        IReadOnlyList<OptionDefinition> candidates = _applicationFlags.Contains(name) ? [] : OptionTable.Resolve(name);
        if (candidates.Count == 0)
        {
            _unknown[name] = attached ?? next ?? "true";
            return attached is null && next is not null;
        }

        if (candidates.Count > 1)
        {
            _errors.Add($"ambiguous option: --{name} could match {string.Join(", ", candidates.Select(c => c.Flag))}");
            return false;
        }

        OptionDefinition option = candidates[0];
        if (option.Kind == OptionKind.Switch)
        {
            _given.Add((option, attached ?? "true"));
            return false;
        }

        if ((attached ?? next) is not { } value)
        {
            _errors.Add($"argument {option.Flag}: expected one argument");
            return false;
        }

        _given.Add((option, value));
        return attached is null;
    }

    /// <summary>Whether the argument can be the value of the flag before it. argparse's rule: it does not begin with
    /// a dash, or it is a dash alone, or a negative number, or it holds a blank and is no flag known.</summary>
    private static bool IsValue(string argument)
    {
        if (!argument.StartsWith('-') || argument == "-" || NegativeNumber().IsMatch(argument))
        {
            return true;
        }

        return argument.Contains(' ')
            && !(TryFlag(argument, out string? name, out _) && OptionTable.Resolve(name).Count > 0);
    }

    /// <summary>Splits <c>--name</c> and <c>--name=value</c>. Words, single-dash flags and anything whose name would
    /// hold a blank are no flags.</summary>
    private static bool TryFlag(string argument, [NotNullWhen(true)] out string? name, out string? value)
    {
        int equals = argument.IndexOf('=');
        name = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..(equals < 0 ? argument.Length : equals)] : null;
        value = equals < 0 ? null : argument[(equals + 1)..];
        if (name is null || name.Contains(' '))
        {
            name = null;
        }

        return name is not null;
    }

    [GeneratedRegex(@"^-(\d+|\d*\.\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex NegativeNumber();
}
