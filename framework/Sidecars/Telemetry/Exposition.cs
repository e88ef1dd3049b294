using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
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
    public static ExpositionFormat Negotiate(StringValues accept)
    {
        double openMetrics = 0;
        double text = 0;
        foreach (MediaTypeHeaderValue range in AcceptedTypes.Read(accept))
        {
            if (range.MediaType.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase))
            {
                if (NameValueHeaderValue.Find(range.Parameters, "version")?.GetUnescapedValue().Value is null or "1.0.0" or "0.0.1")
                {
                    openMetrics = Math.Max(openMetrics, AcceptedTypes.Quality(range));
                }
            }
            else if (range.MatchesMediaType("text/plain"))
            {
                text = Math.Max(text, AcceptedTypes.Quality(range));
            }
        }

        return openMetrics > 0 && openMetrics >= text ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText;
    }
}
