using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sidecars.Telemetry;

/// <summary>Logs in KServe's format to a <see cref="LogSink"/>, which stays the owner's to dispose.</summary>
internal sealed class KServeLoggerProvider(LogSink sink, TimeProvider time) : ILoggerProvider
{
    private readonly ConcurrentDictionary<string, KServeLogger> _loggers = new();

    public ILogger CreateLogger(string categoryName) =>
        _loggers.GetOrAdd(categoryName, category => new KServeLogger(category, sink, time));

    /// <summary>Sees to it that what was logged is written; a reader that does not read holds it up no longer than
    /// the sink itself would wait.</summary>
    public void Dispose() => _ = sink.Flush(LogSink.StopTimeout);
}
