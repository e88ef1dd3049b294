using Microsoft.Extensions.DependencyInjection;
using Sidecars.Pipeline;

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
            return new InferenceClient(new InferenceClientOptions
            {
                Host = host,
                Protocol = options.PredictorProtocol,
                UseSsl = options.PredictorUseSsl,
                CaFile = options.PredictorCaFile,
                Timeout = options.PredictorRequestTimeout,
                Retries = options.PredictorRequestRetries,
                MaxJsonDepth = options.MaxJsonDepth,
                TimeProvider = services.GetRequiredService<TimeProvider>(),
            });
        }
        catch (ArgumentException e)
        {
            throw new SidecarConfigurationException(e.Message, e);
        }
    }
}
