namespace Sidecars.Telemetry;

/// <summary>The two texts in which Prometheus reads metrics.</summary>
internal enum ExpositionFormat
{
    /// <summary>Prometheus text format 0.0.4.</summary>
    PrometheusText,

    /// <summary>OpenMetrics 1.0.0.</summary>
    OpenMetrics,
}
