using System.Globalization;

namespace Sidecars.Explainers.Server.Explain;

/// <summary>One of several equal parts of the rows: every <see cref="Count"/>th, from <see cref="Index"/>.</summary>
internal readonly record struct Shard(int Index, int Count)
{
    /// <summary>What Kubernetes sets in the pods of an Indexed Job.</summary>
    public const string IndexVariable = "JOB_COMPLETION_INDEX";

    /// <summary>What the Job's manifest sets besides: how many pods there are.</summary>
    public const string CountVariable = "JOB_COMPLETIONS";

    /// <summary>All rows.</summary>
    public static Shard Whole { get; } = new(0, 1);

    /// <summary>Whether a row belongs to this part.</summary>
    public bool Has(long row) => row % Count == Index;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    /// <summary>Reads the flag, else the environment, else takes all rows.</summary>
    /// <param name="flag">What <c>--shard</c> says; null where it was not given.</param>
    /// <param name="variable">The environment.</param>
    /// <param name="errors">Where it is said what is wrong.</param>
    public static Shard Read(string? flag, Func<string, string?> variable, List<string> errors)
    {
        if (flag is not null)
        {
            int slash = flag.IndexOf('/', StringComparison.Ordinal);
            return slash > 0 && Parse(flag[..slash], flag[(slash + 1)..]) is { } given
                ? given
                : Wrong($"--shard is '{flag}'; allowed: i/n with i from 0 to n-1, such as 0/4");
        }

        if (variable(IndexVariable) is not { Length: > 0 } index)
        {
            return Whole;
        }

        if (variable(CountVariable) is not { Length: > 0 } count)
        {
            return Wrong($"{IndexVariable} is {index}, but nothing says how many pods there are: set {CountVariable} to the Job's completions, or give --shard {index}/n");
        }

        return Parse(index, count) ?? Wrong($"{IndexVariable} is '{index}' and {CountVariable} is '{count}'; allowed: an index from 0 to one less than the completions");

        Shard Wrong(string error)
        {
            errors.Add(error);
            return Whole;
        }
    }

    private static Shard? Parse(string index, string count) =>
        int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int i)
        && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && i < n
            ? new Shard(i, n)
            : null;
}
