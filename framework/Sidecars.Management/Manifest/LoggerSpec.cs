namespace Sidecars.Management;

/// <summary>Where KServe's agent sends requests and answers, as CloudEvents.</summary>
public sealed class LoggerSpec : ManifestPart
{
    /// <summary>The address.</summary>
    public string? Url { get; set; }

    /// <summary><c>all</c>, <c>request</c> or <c>response</c>. Required: KServe refuses a logger without it.</summary>
    public string? Mode { get; set; }
}
