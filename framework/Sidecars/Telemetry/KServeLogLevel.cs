using Microsoft.Extensions.Logging;

namespace Sidecars.Telemetry;

/// <summary>Python's names for log levels, which KServe's variable and log lines use.</summary>
internal static class KServeLogLevel
{
    public static string[] Names { get; } = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

    public static string Show(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARNING",
        LogLevel.Error => "ERROR",
        LogLevel.Critical => "CRITICAL",
        _ => level.ToString(),
    };

    /// <summary>The level of one of <see cref="Names"/>, in any case.</summary>
    public static LogLevel Read(string name) =>
        LogLevel.Debug + Array.FindIndex(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
}
