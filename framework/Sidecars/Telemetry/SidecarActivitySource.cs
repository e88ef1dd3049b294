using System.Diagnostics;

namespace Sidecars.Telemetry;

internal static class SidecarActivitySource
{
    public static ActivitySource Source { get; } = new(SidecarTelemetry.ActivitySourceName);
}
