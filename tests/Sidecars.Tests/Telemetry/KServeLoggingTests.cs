using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Sidecars.Telemetry;

namespace Sidecars.Tests.Telemetry;

public sealed class KServeLoggingTests : IDisposable
{
    private static readonly string Start = $"2026-01-02 03:04:05.678 {Environment.ProcessId} ";

    private readonly MemoryStream _error = new();
    private readonly MemoryStream _output = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero));
    private readonly LogSink _sink;

    public KServeLoggingTests() => _sink = new LogSink(_error, _output, _time);

    public void Dispose() => _sink.Dispose();

    [Theory]
    [InlineData(LogLevel.Trace, "DEBUG")]
    [InlineData(LogLevel.Debug, "DEBUG")]
    [InlineData(LogLevel.Information, "INFO")]
    [InlineData(LogLevel.Warning, "WARNING")]
    [InlineData(LogLevel.Error, "ERROR")]
    [InlineData(LogLevel.Critical, "CRITICAL")]
    public void Log_OwnCategory_IsALineOfKServes(LogLevel level, string name)
    {
        ILogger logger = new KServeLoggerProvider(_sink, _time).CreateLogger("Sidecars.Serving.Host");

        logger.Log(level, new EventId(7, "Listening"), "on port {Port}", 8080);

        Error().Should().Be($"{Start}kserve {name} [Sidecars.Serving.Host/Listening] on port 8080\n");
    }

    [Theory]
    [InlineData(0, null, "[MyTransformer.Lookup]")]
    [InlineData(7, null, "[MyTransformer.Lookup/7]")]
    [InlineData(0, "Missed", "[MyTransformer.Lookup/Missed]")]
    public void Log_UsersCategory_IsNamedByItsFirstPart(int id, string? name, string expected)
    {
        ILogger logger = new KServeLoggerProvider(_sink, _time).CreateLogger("MyTransformer.Lookup");

        logger.Log(LogLevel.Information, new EventId(id, name), "schön");

        Error().Should().Be($"{Start}MyTransformer INFO {expected} schön\n");
    }

    [Fact]
    public void Log_Exception_FollowsOnLinesOfItsOwn()
    {
        ILogger logger = new KServeLoggerProvider(_sink, _time).CreateLogger("Sidecars");

        logger.LogError(new InvalidOperationException("no"), "failed");

        Error().Should().Be($"{Start}kserve ERROR [Sidecars] failed\nSystem.InvalidOperationException: no\n");
    }

    [Fact]
    public void AddKServeConsole_Level_HoldsForOursAndKeepsFrameworksQuiet()
    {
        ServiceCollection services = new();
        services.AddSingleton(_sink).AddSingleton<TimeProvider>(_time);
        services.AddLogging(logging => logging.AddKServeConsole(new SidecarOptions { LogLevel = LogLevel.Information }));
        using (ServiceProvider provider = services.BuildServiceProvider())
        {
            ILoggerFactory loggers = provider.GetRequiredService<ILoggerFactory>();
            loggers.CreateLogger("Sidecars.X").LogDebug("hidden");
            loggers.CreateLogger("Sidecars.X").LogInformation("shown");
            loggers.CreateLogger("Microsoft.AspNetCore").LogInformation("hidden");
            loggers.CreateLogger("Microsoft.AspNetCore").LogWarning("shown too");
        }

        Error().Should().Be(
            $"{Start}kserve INFO [Sidecars.X] shown\n{Start}Microsoft WARNING [Microsoft.AspNetCore] shown too\n");
    }

    [Fact]
    public void RequestLog_WithASink_WritesLatencyToErrorAndAccessToOutput()
    {
        RequestLog log = new(new SidecarOptions(), LoggerFactory.Create(_ => { }), _time, _sink);

        log.Latency("r", 1, null, 2.5, 3);
        log.Access(IPAddress.Loopback, 9, "GET", "/v1/models/m:predict", "", "HTTP/1.1", 503);

        Error().Should().Be(
            $"{Start}kserve.trace requestId: r, preprocess_ms: 1.0, explain_ms: 0, predict_ms: 2.5, postprocess_ms: 3.0\n");
        Encoding.UTF8.GetString(_output.ToArray()).Should().Be(
            $"2026-01-02 03:04:05.678 uvicorn.access INFO:     127.0.0.1:9 {Environment.ProcessId} - "
            + "\"GET /v1/models/m%3Apredict HTTP/1.1\" 503 Service Unavailable\n");
    }

    [Fact]
    public void RequestLog_WithoutASink_UsesLoggers()
    {
        FakeLoggerProvider loggers = new();
        RequestLog log = new(new SidecarOptions(), LoggerFactory.Create(logging => logging.AddProvider(loggers)), _time);

        log.Latency(null, null, 1, null, null);
        log.Access(null, 0, "GET", "/", "", "HTTP/2", 200);

        loggers.Collector.GetSnapshot().Select(record => $"{record.Category} {record.Message}").Should().Equal(
            "kserve.trace requestId: N.A., preprocess_ms: 0, explain_ms: 1.0, predict_ms: 0, postprocess_ms: 0",
            $"uvicorn.access uvicorn.access INFO:      {Environment.ProcessId} - \"GET / HTTP/2\" 200 OK");
    }

    [Fact]
    public void RequestLog_SwitchedOff_WritesNothing()
    {
        SidecarOptions off = new() { EnableLatencyLogging = false, EnableAccessLog = false };
        RequestLog log = new(off, LoggerFactory.Create(_ => { }), _time, _sink);

        log.Latency("r", 1, 1, 1, 1);
        log.Access(IPAddress.Loopback, 9, "GET", "/", "", "HTTP/1.1", 200);

        Error().Should().BeEmpty();
        _output.Length.Should().Be(0);
    }

    [Fact]
    public void RequestLog_LevelAboveInfo_WritesNoLatency() =>
        new RequestLog(new SidecarOptions { LogLevel = LogLevel.Warning }, LoggerFactory.Create(_ => { }), _time, _sink)
            .LatencyEnabled.Should().BeFalse();

    [Fact]
    public void RequestLog_LinesOfARequest_AllocateNothing()
    {
        RequestLog log = new(new SidecarOptions(), LoggerFactory.Create(_ => { }), TimeProvider.System, _sink);

        Allocations.InSteadyState(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                log.Latency("r", 1.25, null, 2.5, 3);
                log.Access(IPAddress.Loopback, 9, "POST", "/v1/models/m:predict", "", "HTTP/1.1", 200);
            }

            _sink.Flush();
        }).Should().Be(0);
    }

    private string Error()
    {
        _sink.Flush();
        return Encoding.UTF8.GetString(_error.ToArray());
    }
}
