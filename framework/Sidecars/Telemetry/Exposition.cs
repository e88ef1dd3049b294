using Sidecars.Protocol;

namespace Sidecars.Telemetry;

/// <summary>Chooses the format of <c>/metrics</c> by the request's Accept header.</summary>
internal static class Exposition
{
    public static string ContentType(ExpositionFormat format) => format switch
    {
        ExpositionFormat.OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        _ => "text/plain; version=0.0.4; charset=utf-8",
    };

    /// <summary>OpenMetrics where it is asked for by name, in a version we speak, and nothing wants plain text more;
    /// else plain text. A wildcard counts for plain text.</summary>
    public static ExpositionFormat Negotiate(string? accept)
    {
        double openMetrics = 0;
        double text = 0;
        foreach (Range range in accept.AsSpan().Split(','))
        {
            var item = MediaRange.Read(accept.AsSpan()[range]);
            if (item.Is("application/openmetrics-text"))
            {
                if (item.Version.IsEmpty || item.Version is "1.0.0" or "0.0.1")
                {
                    openMetrics = Math.Max(openMetrics, item.Quality);
                }
            }
            else if (item.Is("text/plain") || item.Is("text/*") || item.Is("*/*"))
            {
                text = Math.Max(text, item.Quality);
            }
        }

        return openMetrics > 0 && openMetrics >= text ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText;
    }
}
