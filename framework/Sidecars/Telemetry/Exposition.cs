using System.Globalization;

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
            ReadOnlySpan<char> item = accept.AsSpan()[range];
            ReadMediaRange(item, out ReadOnlySpan<char> type, out ReadOnlySpan<char> version, out double quality);
            if (Is(type, "application/openmetrics-text"))
            {
                if (version.IsEmpty || version is "1.0.0" or "0.0.1")
                {
                    openMetrics = Math.Max(openMetrics, quality);
                }
            }
            else if (Is(type, "text/plain") || Is(type, "text/*") || Is(type, "*/*"))
            {
                text = Math.Max(text, quality);
            }
        }

        return openMetrics > 0 && openMetrics >= text ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText;
    }

    private static void ReadMediaRange(
        ReadOnlySpan<char> item, out ReadOnlySpan<char> type, out ReadOnlySpan<char> version, out double quality)
    {
        type = default;
        version = default;
        quality = 1;
        bool first = true;
        foreach (Range range in item.Split(';'))
        {
            ReadOnlySpan<char> part = item[range].Trim();
            int equals = part.IndexOf('=');
            ReadOnlySpan<char> value = part[(equals + 1)..].Trim().Trim('"');
            if (first)
            {
                type = part;
                first = false;
            }
            else if (equals > 0 && Is(part[..equals].Trim(), "version"))
            {
                version = value;
            }
            else if (equals > 0 && Is(part[..equals].Trim(), "q")
                && !double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out quality))
            {
                quality = 0;
            }
        }
    }

    private static bool Is(ReadOnlySpan<char> text, string name) => text.Equals(name, StringComparison.OrdinalIgnoreCase);
}
