namespace Sidecars.Predictor;

/// <summary>Reads the address of a predictor in any of the forms people write it in.</summary>
internal static class PredictorAddress
{
    public static bool IsValid(string host) => TryParse(host, useSsl: false) is not null;

    public static Uri Parse(string host, bool useSsl) => TryParse(host, useSsl) ?? throw new ArgumentException(
        $"'{host}' is no address of a predictor. Possible are host, host:port and http(s)://host[:port][/path].", nameof(host));

    private static Uri? TryParse(string host, bool useSsl)
    {
        string text = host.Trim();
        if (text.StartsWith("grpc://", StringComparison.OrdinalIgnoreCase))
        {
            text = "http://" + text[7..];
        }
        else if (text.StartsWith("grpcs://", StringComparison.OrdinalIgnoreCase))
        {
            text = "https://" + text[8..];
        }
        else if (!text.Contains("://", StringComparison.Ordinal))
        {
            text = (useSsl ? "https://" : "http://") + text;
        }

        return Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out Uri? uri)
            && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.Query.Length == 0
            ? uri
            : null;
    }
}
