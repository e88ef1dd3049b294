using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Sidecars.Testing;

/// <summary>
/// A sidecar on free ports in the test's own process: the whole of it, with real sockets on both sides, so that what
/// passes here passes in a cluster. What it logs is kept.
/// </summary>
public sealed class SidecarTestHost : IAsyncDisposable
{
    private readonly SidecarApplication _app;
    private readonly LogCapture _logs;
    private InferenceClient? _v1, _v2, _grpc;

    private SidecarTestHost(SidecarApplication app, LogCapture logs)
    {
        _app = app;
        _logs = logs;
        string[] urls = [.. app.Web.Urls];
        RestAddress = Local(urls[0]);
        GrpcAddress = urls.Length > 1 ? Local(urls[^1]) : RestAddress;
        Http = new HttpClient { BaseAddress = RestAddress };
    }

    /// <summary>Where it speaks V1 and V2.</summary>
    public Uri RestAddress { get; }

    /// <summary>Where it speaks gRPC, without TLS.</summary>
    public Uri GrpcAddress { get; }

    /// <summary>A client with <see cref="RestAddress"/> as its base, for requests that are about bytes and headers.</summary>
    public HttpClient Http { get; }

    /// <summary>A caller that speaks V1.</summary>
    public InferenceClient V1 => _v1 ??= Client(PredictorProtocol.V1, RestAddress);

    /// <summary>A caller that speaks V2 over REST.</summary>
    public InferenceClient V2 => _v2 ??= Client(PredictorProtocol.V2, RestAddress);

    /// <summary>A caller that speaks V2 over gRPC.</summary>
    public InferenceClient Grpc => _grpc ??= Client(PredictorProtocol.GrpcV2, GrpcAddress);

    /// <summary>The application's services.</summary>
    public IServiceProvider Services => _app.Web.Services;

    /// <summary>What was logged so far, at all levels, oldest first.</summary>
    public IReadOnlyList<CapturedLog> Logs => _logs.Entries;

    /// <summary>Starts a host of one model.</summary>
    /// <param name="predictor">
    /// What is behind the model; null for nothing. A <see cref="ScriptedPredictor"/> that is served is called over its
    /// port, every other predictor within the process.
    /// </param>
    /// <param name="args">Flags as on the command line; they win over the free ports that are otherwise taken.</param>
    /// <exception cref="SidecarConfigurationException">The flags are wrong, or the model does not become ready.</exception>
    public static Task<SidecarTestHost> StartAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TModel>(
        IPredictor? predictor = null, params string[] args)
        where TModel : Model =>
        StartAsync(static builder => builder.Sidecar.AddModel<TModel>(), predictor, args);

    /// <summary>Starts a host of whatever the function adds: models, services, options.</summary>
    /// <param name="configure">Adds to the application before it is built.</param>
    /// <param name="predictor">See <see cref="StartAsync{TModel}(IPredictor?, string[])"/>.</param>
    /// <param name="args">Flags as on the command line.</param>
    /// <exception cref="SidecarConfigurationException">The flags are wrong, or no model becomes ready.</exception>
    public static async Task<SidecarTestHost> StartAsync(
        Action<SidecarApplicationBuilder> configure, IPredictor? predictor = null, params string[] args)
    {
        List<string> flags = ["--http_port=0", "--grpc_port=0", "--configure_logging=false"];
        if (predictor is ScriptedPredictor { IsServed: true } served)
        {
            Uri address = served.Protocol == PredictorProtocol.GrpcV2 ? served.GrpcAddress : served.RestAddress;
            flags.Add("--predictor_host=" + address.Authority);
            flags.Add("--predictor_protocol=" + served.Protocol switch
            {
                PredictorProtocol.V1 => "v1",
                PredictorProtocol.V2 => "v2",
                _ => "grpc-v2",
            });
        }

        SidecarApplicationBuilder builder = SidecarApplication.CreateBuilder([.. flags, .. args]);
        var logs = new LogCapture();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        if (predictor is not null)
        {
            builder.Sidecar.UsePredictor(_ => predictor);
        }

        configure(builder);
        SidecarApplication app = builder.Build();
        RequireApplication(app);
        try
        {
            await app.StartAsync().ConfigureAwait(false);
            return new SidecarTestHost(app, logs);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Throws when anything was logged as an error or worse.</summary>
    /// <exception cref="InvalidOperationException">Something was; the message repeats it.</exception>
    public void AssertNoErrors()
    {
        CapturedLog[] errors = [.. Logs.Where(static l => l.Level >= LogLevel.Error)];
        if (errors.Length > 0)
        {
            throw new InvalidOperationException(
                $"{errors.Length} errors were logged:" + string.Concat(errors.Select(static e =>
                    $"{Environment.NewLine}{e.Category}: {e.Message}{(e.Exception is null ? "" : Environment.NewLine + e.Exception)}")));
        }
    }

    /// <summary>Stops as SIGTERM would: not ready any more, finishes the requests in flight, stops the models.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => _app.StopAsync(cancellation);

    /// <summary>Stops and releases everything, a predictor within the process included.</summary>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        foreach (InferenceClient? client in (InferenceClient?[])[_v1, _v2, _grpc])
        {
            if (client is not null)
            {
                await client.DisposeAsync().ConfigureAwait(false);
            }
        }

        await _app.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A process would print what is wrong with its flags and leave; a test wants to see it.</summary>
    private static void RequireApplication(SidecarApplication app)
    {
        try
        {
            _ = app.Web;
        }
        catch (InvalidOperationException e)
        {
            throw new SidecarConfigurationException(e.Message, e);
        }
    }

    private static InferenceClient Client(PredictorProtocol protocol, Uri address) =>
        new(new InferenceClientOptions { Host = address.Authority, Protocol = protocol });

    private static Uri Local(string url) => new($"http://127.0.0.1:{new Uri(url).Port}");
}
