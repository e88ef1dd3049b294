using Microsoft.Extensions.Logging;

namespace Sidecars.Testing;

/// <summary>One line of a host's log.</summary>
/// <param name="Level">How serious it is.</param>
/// <param name="Category">Which part wrote it.</param>
/// <param name="Message">What it says.</param>
/// <param name="Exception">The exception it came with, if any.</param>
public sealed record CapturedLog(LogLevel Level, string Category, string Message, Exception? Exception);
