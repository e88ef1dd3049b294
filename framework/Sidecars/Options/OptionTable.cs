using Sidecars.Predictor;
using Sidecars.Telemetry;

namespace Sidecars.Options;

/// <summary>Every option there is, each once. The command line, the environment, the configuration section, the help
/// text and <c>docs/flags.md</c> are all read from here.</summary>
internal static class OptionTable
{
    /// <summary>KServe's flags in KServe's order, then ours.</summary>
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        .. KServeFlags(),
        .. OurFlags().Select(definition => definition with { Origin = OptionOrigin.Sidecars }),
    ];

    private static readonly Dictionary<string, OptionDefinition> ByName = All.ToDictionary(d => d.Name, StringComparer.Ordinal);

    public static OptionDefinition? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The options the name may stand for: itself, else KServe's flags that begin with it, else ours.</summary>
    public static IReadOnlyList<OptionDefinition> Resolve(string name)
    {
        if (Find(name) is { } exact)
        {
            return [exact];
        }

        List<OptionDefinition> begun = [.. All.Where(d => d.Name.StartsWith(name, StringComparison.Ordinal))];
        List<OptionDefinition> kserve = begun.FindAll(d => d.Origin == OptionOrigin.KServe);
        return kserve.Count > 0 ? kserve : begun;
    }

    private static OptionDefinition[] KServeFlags() =>
    [
        OptionKinds.Int("http_port", "Port for REST; 0 takes any free port.", 0, 65535,
            o => o.HttpPort, (o, v) => o.HttpPort = (int)v),
        OptionKinds.Int("grpc_port", "Port for gRPC; 0 takes any free port.", 0, 65535,
            o => o.GrpcPort, (o, v) => o.GrpcPort = (int)v),
        IntWithoutEffect("workers", "Number of server processes.", "1", "one process uses all cores"),
        IntWithoutEffect("max_threads", "Size of the gRPC thread pool.", "4", "the thread pool sizes itself"),
        IntWithoutEffect("max_asyncio_workers", "Size of the executor.", "none", "the thread pool sizes itself"),
        OptionKinds.Bool("enable_grpc", "Serve gRPC.",
            o => o.EnableGrpc, (o, v) => o.EnableGrpc = v),
        OptionKinds.Bool("enable_docs_url", "Serve a page for trying out requests at /docs.",
            o => o.EnableDocsUrl, (o, v) => o.EnableDocsUrl = v),
        OptionKinds.Bool("enable_latency_logging", "Log the time of every stage, one line per request.",
            o => o.EnableLatencyLogging, (o, v) => o.EnableLatencyLogging = v),
        OptionKinds.Bool("configure_logging", "Log in KServe's format; false keeps the application's own logging.",
            o => o.ConfigureLogging, (o, v) => o.ConfigureLogging = v),
        TextWithoutEffect("log_config_file", "A Python logging configuration.",
            "logging is configured with --log_level and appsettings.json"),
        TextWithoutEffect("access_log_format", "A Python access log format.", "the access line has one format"),
        OptionKinds.Choice("event-loop", "The Python event loop.", ["auto", "asyncio", "uvloop"], _ => "auto", (_, _) => { })
            with { NoEffectBecause = "there is no Python event loop" },
        OptionKinds.Seconds("timeout-keep-alive", "Seconds an idle connection is kept open.", whole: true, zero: false,
            o => o.KeepAliveTimeout, (o, v) => o.KeepAliveTimeout = v),
        OptionKinds.Text("model_name", "Name of the model, in URLs and towards the predictor.", "a name without a slash",
            o => o.ModelName, (o, v) => o.ModelName = v, v => v.Length > 0 && !v.Contains('/')),
        OptionKinds.Text("predictor_host", "The predictor to call.", "host, host:port or a URL",
            o => o.PredictorHost, (o, v) => o.PredictorHost = NullIfEmpty(v), PredictorAddress.IsValid),
        OptionKinds.Choice("protocol", "Taken for --predictor_protocol where that is absent.", ProtocolText.All,
            _ => "v1", (_, _) => { }),
        OptionKinds.Choice("predictor_protocol", "Protocol towards the predictor.", ProtocolText.All,
            o => ProtocolText.Show(o.PredictorProtocol), (o, v) => o.PredictorProtocol = ProtocolText.Read(v)),
        OptionKinds.Bool("predictor_use_ssl", "Call the predictor over TLS.",
            o => o.PredictorUseSsl, (o, v) => o.PredictorUseSsl = v),
        OptionKinds.Seconds("predictor_request_timeout_seconds", "Seconds one call to the predictor may take.",
            whole: true, zero: false, o => o.PredictorRequestTimeout, (o, v) => o.PredictorRequestTimeout = v),
        OptionKinds.Int("grpc_max_send_message_length", "Largest gRPC message sent, in bytes; -1 for no limit.",
            -1, int.MaxValue, o => o.GrpcMaxSendMessageLength, (o, v) => o.GrpcMaxSendMessageLength = (int)v),
        OptionKinds.Int("grpc_max_receive_message_length", "Largest gRPC message accepted, in bytes; -1 for no limit.",
            -1, int.MaxValue, o => o.GrpcMaxReceiveMessageLength, (o, v) => o.GrpcMaxReceiveMessageLength = (int)v),
        OptionKinds.Int("predictor_request_retries", "How often a failed call to the predictor is tried again.", 0, 10,
            o => o.PredictorRequestRetries, (o, v) => o.PredictorRequestRetries = (int)v),
        OptionKinds.Bool("enable_predictor_health_check", "Be ready only while the predictor is.",
            o => o.EnablePredictorHealthCheck, (o, v) => o.EnablePredictorHealthCheck = v)
            with { Kind = OptionKind.Switch },
    ];

    private static OptionDefinition[] OurFlags() =>
    [
        OptionKinds.Bool("enable_access_log", "Log one access line per HTTP request, on stdout.",
            o => o.EnableAccessLog, (o, v) => o.EnableAccessLog = v),
        OptionKinds.Choice("log_level", "The lowest level that is logged.", KServeLogLevel.Names,
            o => KServeLogLevel.Show(o.LogLevel), (o, v) => o.LogLevel = KServeLogLevel.Read(v), ignoreCase: true)
            with { OtherEnvironmentVariables = ["KSERVE_LOGLEVEL"] },
        OptionKinds.Text("model_dir", "Folder with the model's files.", "a path",
            o => o.ModelDir, (o, v) => o.ModelDir = v, v => v.Length > 0)
            with { IsPath = true },
        OptionKinds.Text("predictor_model_name", "The model's name towards the predictor, if not --model_name.",
            "a name without a slash",
            o => o.PredictorModelName, (o, v) => o.PredictorModelName = NullIfEmpty(v), v => !v.Contains('/')),
        OptionKinds.Text("predictor_ca_file", "PEM file with the authorities trusted for the predictor.", "a path",
            o => o.PredictorCaFile, (o, v) => o.PredictorCaFile = NullIfEmpty(v))
            with { IsPath = true, OtherEnvironmentVariables = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"] },
        OptionKinds.HeaderList("forward_headers", "Request headers passed on to the predictor.",
            o => o.ForwardHeaders, (o, v) => o.ForwardHeaders = v),
        OptionKinds.Int("max_request_body_size", "Largest HTTP request body accepted, in bytes.", 1, Array.MaxLength,
            o => o.MaxRequestBodySize, (o, v) => o.MaxRequestBodySize = v),
        OptionKinds.Int("max_concurrent_requests", "Requests worked on at once; 0 for no limit.", 0, 1_000_000,
            o => o.MaxConcurrentRequests, (o, v) => o.MaxConcurrentRequests = (int)v),
        OptionKinds.Int("max_queued_requests", "Requests that may wait for their turn.", 0, 1_000_000,
            o => o.MaxQueuedRequests, (o, v) => o.MaxQueuedRequests = (int)v),
        OptionKinds.Seconds("request_timeout_seconds", "Seconds one request may take in all; without it, no limit.",
            whole: false, zero: false, o => o.RequestTimeout, (o, v) => o.RequestTimeout = v),
        OptionKinds.Seconds("grace_period_seconds", "Seconds requests in flight may take to finish when stopping.",
            whole: false, zero: true, o => o.GracePeriod, (o, v) => o.GracePeriod = v),
        OptionKinds.Seconds("drain_delay_seconds", "Seconds to go on serving, not ready, before stopping.",
            whole: false, zero: true, o => o.DrainDelay, (o, v) => o.DrainDelay = v),
        OptionKinds.Int("metrics_port", "Port for /metrics; without it, the HTTP port.", 0, 65535,
            o => o.MetricsPort, (o, v) => o.MetricsPort = (int)v),
        OptionKinds.Int("max_json_depth", "How deeply a JSON body may be nested.", 1, 1000,
            o => o.MaxJsonDepth, (o, v) => o.MaxJsonDepth = (int)v),
        OptionKinds.Text("openai_route_prefix", "Path in front of the OpenAI routes.", "a path; a leading slash is added",
            o => o.OpenAiRoutePrefix, (o, v) => o.OpenAiRoutePrefix = v, IsPath)
            with { OtherEnvironmentVariables = ["KSERVE_OPENAI_ROUTE_PREFIX"] },
    ];

    private static OptionDefinition IntWithoutEffect(string name, string help, string shown, string because) =>
        OptionKinds.Int(name, help, long.MinValue, long.MaxValue, _ => null, (_, _) => { })
            with { Allowed = "a whole number", Show = _ => shown, NoEffectBecause = because };

    private static OptionDefinition TextWithoutEffect(string name, string help, string because) =>
        OptionKinds.Text(name, help, "any text", _ => null, (_, _) => { }) with { NoEffectBecause = because };

    /// <summary>Whether the text can stand in a route as it is.</summary>
    private static bool IsPath(string text) =>
        text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '.' or '_' or '~') && !text.Contains("//", StringComparison.Ordinal);

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
