using Microsoft.AspNetCore.Http;
using Sidecars.Telemetry;

namespace Sidecars.Hosting;

/// <summary>One line for every finished request.</summary>
internal sealed class AccessLog(RequestDelegate next, RequestLog log)
{
    public Task InvokeAsync(HttpContext http) => log.AccessEnabled ? LogAsync(http) : next(http);

    private async Task LogAsync(HttpContext http)
    {
        try
        {
            await next(http).ConfigureAwait(false);
        }
        finally
        {
            HttpRequest request = http.Request;
            log.Access(
                http.Connection.RemoteIpAddress,
                http.Connection.RemotePort,
                request.Method,
                request.Path.Value ?? "/",
                request.QueryString.Value ?? "",
                request.Protocol,
                http.Response.StatusCode);
        }
    }
}
