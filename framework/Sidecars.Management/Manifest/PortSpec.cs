namespace Sidecars.Management;

/// <summary>A port of a container.</summary>
public sealed class PortSpec : ManifestPart
{
    /// <summary>Its name: <c>http1</c>, or <c>h2c</c> for gRPC.</summary>
    public string? Name { get; set; }

    /// <summary>Its number, 1 to 65535.</summary>
    public int? ContainerPort { get; set; }

    /// <summary><c>TCP</c>, which is the default, or <c>UDP</c>.</summary>
    public string? Protocol { get; set; }
}
