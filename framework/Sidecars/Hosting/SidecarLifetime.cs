using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sidecars.Pipeline;

namespace Sidecars.Hosting;

/// <summary>
/// Loads before the port opens, and stops in the order that loses no request: say "not ready", wait for the load
/// balancers to hear it, let the server finish what is in flight, then stop predictor and models.
/// </summary>
internal sealed partial class SidecarLifetime(
    ModelRegistry models, Readiness readiness, IPredictor predictor, SidecarOptions options, TimeProvider time, ILogger<SidecarLifetime> log)
    : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (predictor is IEmbeddedPredictor embedded)
        {
            await embedded.LoadAsync(cancellationToken).ConfigureAwait(false);
        }

        await models.LoadAllAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Log.Serving(log, string.Join(", ", models.Names), predictor switch
        {
            InferenceClient client => client.Address.ToString(),
            MissingPredictor => "none",
            _ => predictor.GetType().Name,
        });
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.BeginStopping();
        Log.Draining(log);
        if (options.DrainDelay > TimeSpan.Zero)
        {
            await Task.Delay(options.DrainDelay, time, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        // The container disposes of the predictor, whose connections nobody needs by now.
        await models.StopAllAsync(cancellationToken).ConfigureAwait(false);
    }

    private static partial class Log
    {
        [LoggerMessage(20, LogLevel.Information, "Serving {Models}; predictor: {Predictor}")]
        public static partial void Serving(ILogger logger, string models, string predictor);

        [LoggerMessage(21, LogLevel.Information, "Stopping: no longer ready, finishing the requests in flight")]
        public static partial void Draining(ILogger logger);
    }
}
