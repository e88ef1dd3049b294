namespace Sidecars.Protocol;

/// <summary>The media types of the protocols.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string OctetStream = "application/octet-stream";
    public const string CloudEvent = "application/cloudevents+json";
    public const string EventStream = "text/event-stream";
    public const string Html = "text/html";

    /// <summary>Whether a content type is JSON, in any case and with any parameters: application/json or any +json.</summary>
    public static bool IsJson(string? contentType)
    {
        if (contentType is null)
        {
            return false;
        }

        if (ReferenceEquals(contentType, Json) || contentType == Json)
        {
            return true;
        }

        ReadOnlySpan<char> type = Bare(contentType);
        return type.Equals(Json, StringComparison.OrdinalIgnoreCase)
            || (type.StartsWith("application/", StringComparison.OrdinalIgnoreCase)
                && type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
    }

    public static bool Is(string? contentType, string mediaType) =>
        contentType is not null && Bare(contentType).Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Bare(string contentType)
    {
        int end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType.AsSpan(0, end)).Trim();
    }
}
