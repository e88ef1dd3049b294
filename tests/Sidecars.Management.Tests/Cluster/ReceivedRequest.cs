namespace Sidecars.Management.Tests.Cluster;

/// <summary>What the API server was asked.</summary>
internal sealed record ReceivedRequest(
    string Verb, string Method, string Path, IReadOnlyDictionary<string, string> Query, string? ContentType, string? Authorization, string Body);
