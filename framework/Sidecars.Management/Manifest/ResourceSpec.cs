using System.Text.Json.Serialization;
using Sidecars.Management.Manifest;

namespace Sidecars.Management;

/// <summary>What a container asks for and may use at most, as Kubernetes quantities: <c>500m</c>, <c>2Gi</c>.</summary>
public sealed class ResourceSpec : ManifestPart
{
    /// <summary>What is set aside for it, by resource: <c>cpu</c>, <c>memory</c>, <c>nvidia.com/gpu</c>.</summary>
    [JsonConverter(typeof(QuantityMapConverter))]
    public IDictionary<string, string>? Requests { get; set; }

    /// <summary>The most it may use.</summary>
    [JsonConverter(typeof(QuantityMapConverter))]
    public IDictionary<string, string>? Limits { get; set; }
}
