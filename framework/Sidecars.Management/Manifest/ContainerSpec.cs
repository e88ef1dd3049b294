namespace Sidecars.Management;

/// <summary>A container. Fields that have no property here go into <see cref="ManifestPart.Additional"/>.</summary>
public class ContainerSpec : ManifestPart
{
    /// <summary>
    /// Its name: <c>kserve-container</c> for a component's own, <c>transformer-container</c> for a transformer in the
    /// predictor's pod.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>The image.</summary>
    public string? Image { get; set; }

    /// <summary>The program, instead of the image's entry point. KServe adds to <see cref="Args"/> only.</summary>
    public IList<string>? Command { get; set; }

    /// <summary>Its arguments; KServe appends <c>--model_name</c>, <c>--predictor_host</c> and <c>--http_port</c>.</summary>
    public IList<string>? Args { get; set; }

    /// <summary>Environment variables.</summary>
    public IList<EnvironmentVariable>? Env { get; set; }

    /// <summary>Ports; the first gets the Service's port 80.</summary>
    public IList<PortSpec>? Ports { get; set; }

    /// <summary>What it may use.</summary>
    public ResourceSpec? Resources { get; set; }
}
