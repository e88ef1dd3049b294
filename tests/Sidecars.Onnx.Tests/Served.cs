using System.Text;
using System.Text.Json;

namespace Sidecars.Onnx.Tests;

/// <summary>A sidecar in this process with an ONNX model behind a model that overrides nothing.</summary>
internal sealed class Served : IAsyncDisposable
{
    private readonly SidecarApplication _app;

    private Served(SidecarApplication app) => _app = app;

    public HttpClient Http { get; } = new();

    public static async Task<Served> StartAsync(string folder, params string[] arguments)
    {
        SidecarApplicationBuilder builder = SidecarApplication.CreateBuilder(
            ["--http_port", "0", "--enable_grpc", "false", "--model_dir", folder, "--configure_logging", "false", .. arguments]);
        builder.Sidecar.AddModel<Plain>("m", "alias").UseOnnxPredictor();
        var served = new Served(builder.Build());
        try
        {
            await served._app.StartAsync();
        }
        catch
        {
            await served.DisposeAsync();
            throw;
        }

        served.Http.BaseAddress = new Uri(served._app.Web.Urls.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
        return served;
    }

    public async Task<(int Status, string Body)> PostAsync(string path, string json)
    {
        using HttpResponseMessage answer = await Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<JsonElement> GetAsync(string path) =>
        JsonDocument.Parse(await Http.GetStringAsync(path)).RootElement;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    internal sealed class Plain : Model;
}
