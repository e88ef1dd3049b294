using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Sidecars.Telemetry;

/// <summary>
/// Writes <c>YYYY-MM-DD HH:MM:SS.mmm PID LOGGER LEVEL [CATEGORY/EVENT] MESSAGE</c>. KServe's format has file and line
/// in the brackets; category and event are what .NET has in their place. The logger is <c>kserve</c> for everything
/// of Sidecars, else the first part of the category. An exception follows on lines of its own.
/// </summary>
internal sealed class KServeLogger : ILogger
{
    private const string OwnCategory = "Sidecars";

    private readonly LogSink _sink;
    private readonly TimeProvider _time;
    private readonly byte[] _logger;
    private readonly byte[] _category;

    public KServeLogger(string category, LogSink sink, TimeProvider time)
    {
        string root = category.Split('.')[0];
        _logger = Encoding.UTF8.GetBytes(root == OwnCategory ? "kserve" : root);
        _category = Encoding.UTF8.GetBytes(category);
        _sink = sink;
        _time = time;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        // Before the buffer is taken: what it calls might log.
        string message = formatter(state, exception);
        ArrayBufferWriter<byte> line = LogLine.Buffer();
        LogLine.Begin(line, _time, _logger);
        _ = Encoding.UTF8.GetBytes(KServeLogLevel.Show(logLevel), line);
        line.Write(" ["u8);
        line.Write(_category);
        if (eventId.Name is not null || eventId.Id != 0)
        {
            line.Write("/"u8);
            AppendEvent(line, eventId);
        }

        line.Write("] "u8);
        _ = Encoding.UTF8.GetBytes(message, line);
        LogLine.End(line);
        if (exception is not null)
        {
            _ = Encoding.UTF8.GetBytes(exception.ToString(), line);
            LogLine.End(line);
        }

        _sink.Write(LogStream.Error, line.WrittenSpan);
    }

    private static void AppendEvent(IBufferWriter<byte> line, EventId eventId)
    {
        if (eventId.Name is { } name)
        {
            _ = Encoding.UTF8.GetBytes(name, line);
        }
        else
        {
            LogText.Number(line, eventId.Id);
        }
    }
}
