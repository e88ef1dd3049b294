using Microsoft.Extensions.DependencyInjection;
using Sidecars.Pipeline;
using Sidecars.Predictor;

namespace Sidecars.Hosting;

/// <summary>Which predictor answers: the host that was named, else the local one, else none.</summary>
internal static class PredictorChoice
{
    public static IPredictor Create(IServiceProvider services)
    {
        SidecarOptions options = services.GetRequiredService<SidecarOptions>();
        if (options.PredictorHost is not { } host)
        {
            return services.GetService<LocalPredictor>()?.Create(services) ?? MissingPredictor.Instance;
        }

        try
        {
            return new InferenceClient(ClientOptions(services, options, host));
        }
        catch (ArgumentException e)
        {
            throw new SidecarConfigurationException(e.Message, e);
        }
    }

    /// <summary>The client for models that speak OpenAI's API; some of them know their address themselves.</summary>
    public static OpenAiClient CreateOpenAi(IServiceProvider services)
    {
        SidecarOptions options = services.GetRequiredService<SidecarOptions>();
        return new OpenAiClient(ClientOptions(services, options, options.PredictorHost ?? ""), options.OpenAiRoutePrefix);
    }

    private static InferenceClientOptions ClientOptions(IServiceProvider services, SidecarOptions options, string host) => new()
    {
        Host = host,
        Protocol = options.PredictorProtocol,
        UseSsl = options.PredictorUseSsl,
        CaFile = options.PredictorCaFile,
        Timeout = options.PredictorRequestTimeout,
        Retries = options.PredictorRequestRetries,
        MaxJsonDepth = options.MaxJsonDepth,
        TimeProvider = services.GetRequiredService<TimeProvider>(),
    };
}
