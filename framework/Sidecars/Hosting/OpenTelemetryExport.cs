using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Sidecars.Hosting;

/// <summary>Exports traces and metrics over OTLP when the standard variables ask for it, and costs nothing otherwise.</summary>
internal static class OpenTelemetryExport
{
    public static void AddTo(WebApplicationBuilder web)
    {
        if (IsSet("OTEL_SDK_DISABLED") && bool.TryParse(Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED"), out bool disabled) && disabled)
        {
            return;
        }

        bool all = IsSet("OTEL_EXPORTER_OTLP_ENDPOINT");
        bool traces = Wanted("OTEL_TRACES_EXPORTER", all || IsSet("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"));
        bool metrics = Wanted("OTEL_METRICS_EXPORTER", all || IsSet("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"));
        if (!traces && !metrics)
        {
            return;
        }

        OpenTelemetryBuilder telemetry = web.Services.AddOpenTelemetry();
        if (traces)
        {
            telemetry.WithTracing(static tracing => tracing
                .AddSource(SidecarTelemetry.ActivitySourceName, "Microsoft.AspNetCore")
                .AddOtlpExporter());
        }

        if (metrics)
        {
            telemetry.WithMetrics(static metering => metering
                .AddMeter(SidecarTelemetry.MeterName, SidecarTelemetry.MeterName + ".*", "Microsoft.AspNetCore.Server.Kestrel")
                .AddOtlpExporter());
        }
    }

    /// <summary>The exporter's own variable decides when it is set; "none" switches it off.</summary>
    private static bool Wanted(string variable, bool otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value.Contains("otlp", StringComparison.Ordinal) : otherwise;

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
