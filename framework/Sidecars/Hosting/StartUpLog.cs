using Microsoft.Extensions.Logging;

namespace Sidecars.Hosting;

internal static partial class StartUpLog
{
    [LoggerMessage(22, LogLevel.Information, "Listening on {Addresses}")]
    public static partial void Listening(ILogger logger, string addresses);

    [LoggerMessage(23, LogLevel.Warning, "{Notice}")]
    public static partial void Notice(ILogger logger, string notice);
}
