using System.CommandLine;

namespace Sidecars.Tool;

/// <summary><c>--timeout SECONDS</c></summary>
internal static class TimeoutOption
{
    /// <summary>More than eleven days are longer than anybody waits, and further than some timers can be set.</summary>
    private const int Most = 1_000_000;

    public static Option<int> Create(string description, int seconds) => new("--timeout")
    {
        Description = description,
        DefaultValueFactory = _ => seconds,
    };

    /// <exception cref="ToolException">It is no time that can be waited for.</exception>
    public static TimeSpan Read(ParseResult given, Option<int> option) => given.GetValue(option) is > 0 and <= Most and var seconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new ToolException($"--timeout is 1 to {Most} seconds, not {given.GetValue(option)}.");
}
