using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sidecars.Management.Tests.Tool;

/// <summary>A server that answers as another one does, except for one thing that it gets wrong.</summary>
internal sealed class BreakingProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Uri _good;
    private readonly Func<Asked, Answer, Answer> _break;

    private BreakingProxy(WebApplication app, Uri good, Func<Asked, Answer, Answer> @break) => (_app, _good, _break) = (app, good, @break);

    public Uri Address { get; private set; } = null!;

    /// <param name="good">The server behind it.</param>
    /// <param name="break">What was asked, the good answer → the answer.</param>
    public static async Task<BreakingProxy> StartAsync(Uri good, Func<Asked, Answer, Answer> @break)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var proxy = new BreakingProxy(app, good, @break);
        app.Run(proxy.AnswerAsync);
        await app.StartAsync();
        proxy.Address = new Uri(app.Urls.Single());
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_good, context.Request.Path + context.Request.QueryString));
        if (context.Request.Method != "GET")
        {
            request.Content = new ByteArrayContent(body.ToArray());
        }

        foreach ((string name, var values) in context.Request.Headers)
        {
            if (name is not ("Host" or "Content-Length" or "Transfer-Encoding") && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        using HttpResponseMessage good = await _http.SendAsync(request);
        Answer answer = _break(
            new Asked($"{context.Request.Method} {context.Request.Path}", context.Request.ContentType, Encoding.UTF8.GetString(body.ToArray())),
            new Answer((int)good.StatusCode, good.Content.Headers.ContentType?.ToString(), await good.Content.ReadAsStringAsync()));
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        await context.Response.WriteAsync(answer.Body);
    }

    /// <param name="Line">Method and path.</param>
    /// <param name="ContentType">The body's; null for none.</param>
    /// <param name="Body">The body as text.</param>
    internal sealed record Asked(string Line, string? ContentType, string Body);

    internal sealed record Answer(int Status, string? ContentType, string Body);
}
