using Grpc.Core;
using Grpc.Health.V1;
using Sidecars.Pipeline;
using Sidecars.Protocol;

namespace Sidecars.Serving;

/// <summary>
/// grpc.health.v1.Health: the server under the empty name and under its service's, each model under its own.
/// </summary>
internal sealed class GrpcHealth(ModelRegistry models, Readiness readiness, TimeProvider time) : Health.HealthBase
{
    private static readonly TimeSpan s_watchEvery = TimeSpan.FromSeconds(1);

    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        HealthCheckResponse.Types.ServingStatus status = await StatusAsync(request.Service, context.CancellationToken).ConfigureAwait(false);
        return status == HealthCheckResponse.Types.ServingStatus.ServiceUnknown
            ? throw new RpcException(new Status(StatusCode.NotFound, $"There is no service or model called '{request.Service}'."))
            : new HealthCheckResponse { Status = status };
    }

    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        HealthCheckResponse.Types.ServingStatus? told = null;
        using var timer = new PeriodicTimer(s_watchEvery, time);
        try
        {
            do
            {
                HealthCheckResponse.Types.ServingStatus status = await StatusAsync(request.Service, context.CancellationToken).ConfigureAwait(false);
                if (status != told)
                {
                    told = status;
                    await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken).ConfigureAwait(false);
                }
            }
            while (!readiness.IsStopping && await timer.WaitForNextTickAsync(context.CancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The watcher left.
        }
    }

    private async ValueTask<HealthCheckResponse.Types.ServingStatus> StatusAsync(string service, CancellationToken cancellation)
    {
        bool ready;
        if (service.Length == 0 || service == GrpcMarshallers.Service)
        {
            ready = await readiness.IsServerReadyAsync(cancellation).ConfigureAwait(false);
        }
        else if (models.Find(service) is { } model)
        {
            ready = await readiness.IsModelReadyAsync(model, cancellation).ConfigureAwait(false);
        }
        else
        {
            return HealthCheckResponse.Types.ServingStatus.ServiceUnknown;
        }

        return ready ? HealthCheckResponse.Types.ServingStatus.Serving : HealthCheckResponse.Types.ServingStatus.NotServing;
    }
}
