using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Sidecars.Tests.OpenAi;

/// <summary>A sidecar on a real socket, and a caller with one connection to it. An error that nobody expects fails the test.</summary>
internal sealed class OpenAiServer : IAsyncDisposable
{
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    private readonly SidecarApplication _app;

    private OpenAiServer(SidecarApplication app, FakeTimeProvider time)
    {
        _app = app;
        Time = time;
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1, AllowAutoRedirect = false };
        Client = new HttpClient(handler) { BaseAddress = new Uri(app.Web.Urls.First().Replace("0.0.0.0", "127.0.0.1")), Timeout = Most };
    }

    public HttpClient Client { get; }

    /// <summary>The sidecar's clock, which stands still: however slow the machine, no limit passes by itself.</summary>
    public FakeTimeProvider Time { get; }

    /// <summary>Whether an error in the log is what the test is about.</summary>
    public bool ExpectsErrors { get; set; }

    public IReadOnlyList<FakeLogRecord> Logs => _app.Web.Services.GetFakeLogCollector().GetSnapshot();

    public static Task<OpenAiServer> StartAsync<TModel>(string predictorHost, params string[] flags)
        where TModel : OpenAIProxyModel, new() =>
        StartAsync(sidecar => sidecar.AddModel(_ => new TModel(), "llm"), ["--predictor_host", predictorHost, .. flags]);

    public static async Task<OpenAiServer> StartAsync(Action<SidecarBuilder> add, params string[] flags)
    {
        SidecarApplicationBuilder builder = SidecarApplication.CreateBuilder(
            ["--http_port", "0", "--enable_grpc", "false", "--configure_logging", "false", .. flags]);
        builder.Logging.ClearProviders();
        builder.Services.AddFakeLogging();
        add(builder.Sidecar);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        builder.Services.AddSingleton<TimeProvider>(time);
        SidecarApplication app = builder.Build();
        await app.StartAsync();
        return new OpenAiServer(app, time);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<(HttpStatusCode Status, string Body)> AskAsync(string path, string body)
    {
        using HttpResponseMessage answer = await PostAsync(path, body);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using HttpResponseMessage answer = await Client.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Asks for what must fail, and checks that the error has OpenAI's form.</summary>
    public async Task<(HttpStatusCode Status, JsonObject Error)> FailAsync(string path, string body)
    {
        (HttpStatusCode status, string text) = await AskAsync(path, body);
        return (status, ErrorOf(text));
    }

    public static JsonObject ErrorOf(string text)
    {
        JsonObject error = JsonNode.Parse(text)!["error"]!.AsObject();
        error.Select(field => field.Key).Should().Contain(["message", "type", "param", "code"]);
        return error;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        IReadOnlyList<FakeLogRecord> logs = Logs;
        await _app.DisposeAsync();
        if (!ExpectsErrors)
        {
            logs.Where(record => record.Level >= LogLevel.Error).Should().BeEmpty();
        }
    }
}
