using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Sidecars.Telemetry;

internal static class KServeLoggingExtensions
{
    /// <summary>The frameworks below us, whose information is about every request and connection.</summary>
    private static readonly string[] QuietCategories = ["Microsoft", "System", "Grpc"];

    /// <summary>Replaces the logging providers that are there by KServe's format, at the level of the options. Meant
    /// to be called before the application adds providers of its own.</summary>
    public static ILoggingBuilder AddKServeConsole(this ILoggingBuilder logging, SidecarOptions options)
    {
        LogLevel quiet = options.LogLevel switch
        {
            <= LogLevel.Debug => LogLevel.Information,
            LogLevel.Information => LogLevel.Warning,
            var level => level,
        };
        _ = logging.ClearProviders().SetMinimumLevel(options.LogLevel);
        foreach (string category in QuietCategories)
        {
            _ = logging.AddFilter(category, quiet);
        }

        // While this category can log anything, ASP.NET makes an activity and a log scope for every request.
        _ = logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // A start that fails is told in one line by whoever started the host, not in a stack trace before that.
        _ = logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.Services.TryAddSingleton(TimeProvider.System);
        logging.Services.TryAddSingleton(_ => LogSink.OpenConsole());
        logging.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ILoggerProvider, KServeLoggerProvider>());
        return logging;
    }
}
