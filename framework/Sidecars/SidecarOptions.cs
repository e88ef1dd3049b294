using Microsoft.Extensions.Logging;

namespace Sidecars;

/// <summary>
/// Everything a sidecar can be told. Each property can be given as a flag, as an environment variable
/// <c>SIDECAR_&lt;FLAG&gt;</c>, as a key of the configuration section <c>Sidecar</c>, or in code; the first of
/// these wins over the next, and code wins over all of them. <c>docs/flags.md</c> lists the flags.
/// </summary>
public sealed class SidecarOptions
{
    /// <summary>Port for REST, 0 to 65535; default 8080. 0 takes any free port. Flag <c>--http_port</c>.</summary>
    public int HttpPort { get; set; } = 8080;

    /// <summary>Port for gRPC, 0 to 65535; default 8081. 0 takes any free port. Flag <c>--grpc_port</c>.</summary>
    public int GrpcPort { get; set; } = 8081;

    /// <summary>Whether gRPC is served; default true. Flag <c>--enable_grpc</c>.</summary>
    public bool EnableGrpc { get; set; } = true;

    /// <summary>Whether a page for trying out requests is served at <c>/docs</c>; default false.
    /// Flag <c>--enable_docs_url</c>.</summary>
    public bool EnableDocsUrl { get; set; }

    /// <summary>Whether each successful request writes one line with the time of every stage; default true.
    /// Flag <c>--enable_latency_logging</c>.</summary>
    public bool EnableLatencyLogging { get; set; } = true;

    /// <summary>Whether each HTTP request writes one access line to stdout; default true.
    /// Flag <c>--enable_access_log</c>.</summary>
    public bool EnableAccessLog { get; set; } = true;

    /// <summary>Whether the host sets up logging in KServe's format; default true. False leaves the logging
    /// providers as the application configured them. Flag <c>--configure_logging</c>.</summary>
    public bool ConfigureLogging { get; set; } = true;

    /// <summary>The lowest level that is logged; default <see cref="Microsoft.Extensions.Logging.LogLevel.Information"/>.
    /// Flag <c>--log_level</c>, also environment variable <c>KSERVE_LOGLEVEL</c>.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Information;

    /// <summary>How long an idle connection is kept open; more than 0, default 65 seconds.
    /// Flag <c>--timeout-keep-alive</c>.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(65);

    /// <summary>The name of the model in URLs, and towards the predictor unless <see cref="PredictorModelName"/>
    /// says otherwise; default <c>model</c>. Must not be empty nor contain a slash. Flag <c>--model_name</c>.</summary>
    public string ModelName { get; set; } = "model";

    /// <summary>The folder with the model's files; default <c>/mnt/models</c>, where KServe's storage initializer
    /// puts them. Flag <c>--model_dir</c>.</summary>
    public string ModelDir { get; set; } = "/mnt/models";

    /// <summary>The predictor as <c>host</c>, <c>host:port</c> or a URL; default null: there is no predictor to call.
    /// Flag <c>--predictor_host</c>.</summary>
    public string? PredictorHost { get; set; }

    /// <summary>The protocol towards the predictor; default <see cref="Sidecars.PredictorProtocol.V1"/>.
    /// Flag <c>--predictor_protocol</c>; <c>--protocol</c> is taken when that is absent.</summary>
    public PredictorProtocol PredictorProtocol { get; set; } = PredictorProtocol.V1;

    /// <summary>Whether the predictor is called over TLS; default false. Flag <c>--predictor_use_ssl</c>.</summary>
    public bool PredictorUseSsl { get; set; }

    /// <summary>How long one call to the predictor may take; more than 0, default 600 seconds.
    /// Flag <c>--predictor_request_timeout_seconds</c>.</summary>
    public TimeSpan PredictorRequestTimeout { get; set; } = TimeSpan.FromSeconds(600);

    /// <summary>How often a failed call to the predictor is tried again, 0 to 10; default 0.
    /// Flag <c>--predictor_request_retries</c>.</summary>
    public int PredictorRequestRetries { get; set; }

    /// <summary>Whether the sidecar is ready only while the predictor is; default false.
    /// Flag <c>--enable_predictor_health_check</c>, a switch: it takes no value.</summary>
    public bool EnablePredictorHealthCheck { get; set; }

    /// <summary>The model's name towards the predictor; default null: the same as <see cref="ModelName"/>.
    /// Flag <c>--predictor_model_name</c>.</summary>
    public string? PredictorModelName { get; set; }

    /// <summary>A PEM file with the certificate authorities trusted for the predictor; default null: those of the
    /// system. Flag <c>--predictor_ca_file</c>, also environment variables <c>REQUESTS_CA_BUNDLE</c> and
    /// <c>CURL_CA_BUNDLE</c>.</summary>
    public string? PredictorCaFile { get; set; }

    /// <summary>The request headers that are passed on to the predictor, lower case. Default: request id,
    /// authorization, W3C trace context and B3. An empty list passes none on. Flag <c>--forward_headers</c>,
    /// separated by commas.</summary>
    public IList<string> ForwardHeaders { get; set; } =
    [
        "x-request-id", "x-b3-traceid", "authorization", "traceparent", "tracestate", "baggage",
        "b3", "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled", "x-b3-flags",
    ];

    /// <summary>The largest gRPC message sent, in bytes; default 8388608 (8 MiB), -1 for no limit.
    /// Flag <c>--grpc_max_send_message_length</c>.</summary>
    public int GrpcMaxSendMessageLength { get; set; } = 8 * 1024 * 1024;

    /// <summary>The largest gRPC message accepted, in bytes; default 8388608 (8 MiB), -1 for no limit.
    /// Flag <c>--grpc_max_receive_message_length</c>.</summary>
    public int GrpcMaxReceiveMessageLength { get; set; } = 8 * 1024 * 1024;

    /// <summary>The largest HTTP request body accepted, in bytes, at least 1; default 67108864 (64 MiB).
    /// Flag <c>--max_request_body_size</c>.</summary>
    public long MaxRequestBodySize { get; set; } = 64L * 1024 * 1024;

    /// <summary>How many requests are worked on at once, 0 to 1000000; default 256, 0 for no limit.
    /// Flag <c>--max_concurrent_requests</c>.</summary>
    public int MaxConcurrentRequests { get; set; } = 256;

    /// <summary>How many requests may wait for their turn before further ones are refused, 0 to 1000000; default
    /// 1024. Flag <c>--max_queued_requests</c>.</summary>
    public int MaxQueuedRequests { get; set; } = 1024;

    /// <summary>How long one request may take from arrival to answer; more than 0, default null: no limit.
    /// Flag <c>--request_timeout_seconds</c>.</summary>
    public TimeSpan? RequestTimeout { get; set; }

    /// <summary>How long requests in flight may take to finish once the process is told to stop; default 30 seconds.
    /// Flag <c>--grace_period_seconds</c>.</summary>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the process, told to stop, goes on accepting requests while it reports not ready, so that
    /// load balancers notice; default zero. Flag <c>--drain_delay_seconds</c>.</summary>
    public TimeSpan DrainDelay { get; set; }

    /// <summary>Port for <c>/metrics</c>, 0 to 65535; default null: the same as <see cref="HttpPort"/>. 0 takes any
    /// free port. Flag <c>--metrics_port</c>.</summary>
    public int? MetricsPort { get; set; }

    /// <summary>How deeply a JSON body may be nested, 1 to 1000; default 64. Flag <c>--max_json_depth</c>.</summary>
    public int MaxJsonDepth { get; set; } = 64;

    /// <summary>The path in front of the OpenAI routes; default <c>/openai</c>, empty for none. A leading slash is
    /// added. Flag <c>--openai_route_prefix</c>, also environment variable
    /// <c>KSERVE_OPENAI_ROUTE_PREFIX</c>.</summary>
    public string OpenAiRoutePrefix
    {
        get;
        set => field = value.Trim('/') is { Length: > 0 } path ? "/" + path : "";
    } = "/openai";
}
