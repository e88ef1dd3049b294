using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Churn.Tests;

/// <summary>A V1 predictor that answers one text to every request and keeps what it was sent.</summary>
internal sealed class StubPredictor : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StubPredictor(WebApplication app) => _app = app;

    public ConcurrentQueue<string> Bodies { get; } = [];

    public string Host => new Uri(_app.Urls.Single()).Authority;

    public static async Task<StubPredictor> StartAsync(string answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var stub = new StubPredictor(builder.Build());
        stub._app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            stub.Bodies.Enqueue($"{http.Request.Path} {await reader.ReadToEndAsync()}");
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(answer);
        });
        await stub._app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
