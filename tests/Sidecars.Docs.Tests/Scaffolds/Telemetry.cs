using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Sidecars;

internal static class Telemetry
{
    public static void Add(IServiceCollection services)
    {
        // the block
    }
}
