namespace Sidecars.Serving;

/// <summary>Marks connections to the metrics' own port, whose number may be any free one.</summary>
internal sealed class MetricsListener
{
    public static readonly MetricsListener Instance = new();
}
