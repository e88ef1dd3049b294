using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Sidecars.Telemetry;

/// <summary>
/// Writes the two lines a request may leave: latency to stderr, access to stdout. Without a sink, which is when the
/// application configures logging itself, they go to the loggers <c>kserve.trace</c> and <c>uvicorn.access</c>.
/// </summary>
internal sealed class RequestLog
{
    private readonly LogSink? _sink;
    private readonly TimeProvider _time;
    private readonly ILogger _latency;
    private readonly ILogger _access;

    public RequestLog(SidecarOptions options, ILoggerFactory loggers, TimeProvider time, LogSink? sink = null)
    {
        _sink = sink;
        _time = time;
        _latency = loggers.CreateLogger("kserve.trace");
        _access = loggers.CreateLogger("uvicorn.access");
        LatencyEnabled = options.EnableLatencyLogging && (sink is null || options.LogLevel <= LogLevel.Information);
        AccessEnabled = options.EnableAccessLog;
    }

    /// <summary>Whether <see cref="Latency"/> writes anything; who asks first need not measure in vain.</summary>
    public bool LatencyEnabled { get; }

    /// <summary>Whether <see cref="Access"/> writes anything.</summary>
    public bool AccessEnabled { get; }

    /// <summary>Times are in milliseconds; null is a stage that was not used. KServe writes the line after successful
    /// requests only.</summary>
    public void Latency(string? requestId, double? preprocess, double? explain, double? predict, double? postprocess)
    {
        if (!LatencyEnabled || (_sink is null && !_latency.IsEnabled(LogLevel.Information)))
        {
            return;
        }

        ArrayBufferWriter<byte> line = LogLine.Buffer();
        if (_sink is not null)
        {
            LogLine.Begin(line, _time, "kserve.trace"u8);
        }

        LatencyLine.Write(line, requestId, preprocess, explain, predict, postprocess);
        Send(LogStream.Error, _latency, line);
    }

    /// <summary>See <see cref="AccessLine.Write"/>.</summary>
    public void Access(
        IPAddress? client, int port, string method, string path, string query, string protocol, int status)
    {
        if (!AccessEnabled || (_sink is null && !_access.IsEnabled(LogLevel.Information)))
        {
            return;
        }

        ArrayBufferWriter<byte> line = LogLine.Buffer();
        if (_sink is not null)
        {
            LogText.Timestamp(line, _time.GetLocalNow());
            line.Write(" "u8);
        }

        AccessLine.Write(line, client, port, Environment.ProcessId, method, path, query, protocol, status);
        Send(LogStream.Output, _access, line);
    }

    private void Send(LogStream stream, ILogger logger, ArrayBufferWriter<byte> line)
    {
        if (_sink is null)
        {
            string text = Encoding.UTF8.GetString(line.WrittenSpan);
            logger.Log(LogLevel.Information, default, text, null, static (message, _) => message);
            return;
        }

        LogLine.End(line);
        _sink.Write(stream, line.WrittenSpan);
    }
}
