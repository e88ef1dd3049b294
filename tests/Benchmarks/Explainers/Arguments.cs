using System.Globalization;

namespace Explainers.Benchmarks;

/// <summary>Words and <c>--name value</c> pairs of a command line.</summary>
internal sealed class Arguments(string[] args)
{
    /// <summary>The first word.</summary>
    public string Model => args.Length > 0 ? args[0] : throw new ArgumentException("Name a model of the kit.");

    public string? Text(string name) => Array.IndexOf(args, "--" + name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    public int? Number(string name) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
