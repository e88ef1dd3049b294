using System.Text.Json.Nodes;

namespace Sidecars.Management.Tests.Cluster;

/// <summary>One change, as watches tell it.</summary>
internal sealed record StoreEvent(long Version, string Resource, string Namespace, string Type, JsonObject Object);
