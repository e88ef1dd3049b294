using Grpc.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sidecars.Hosting;
using Sidecars.Options;
using Sidecars.Pipeline;
using Sidecars.Serving;
using Sidecars.Telemetry;

namespace Sidecars;

/// <summary>Puts a sidecar into an ASP.NET Core application of one's own.</summary>
public static class SidecarServiceExtensions
{
    /// <summary>
    /// Adds a sidecar's services, with options from the configuration section <c>Sidecar</c> and the
    /// <c>SIDECAR_</c> environment variables. <see cref="MapSidecar"/> adds its routes. Ports, logging and the grace
    /// period remain the application's own.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">Where options are read from.</param>
    /// <param name="configure">Sets options in code; wins over everything else.</param>
    /// <exception cref="SidecarConfigurationException">Options are wrong; the message names all of them.</exception>
    public static SidecarBuilder AddSidecar(
        this IServiceCollection services, IConfiguration configuration, Action<SidecarOptions>? configure = null)
    {
        OptionsResult read = SidecarOptionsReader.Read([], configuration, configure);
        return services.AddSidecar(read.Options ?? throw new SidecarConfigurationException(read.Error.Trim()));
    }

    /// <summary>Maps the routes of every protocol: REST, and gRPC where the endpoint speaks HTTP/2.</summary>
    /// <returns>For conventions that all of them shall have, such as authorization.</returns>
    public static IEndpointConventionBuilder MapSidecar(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        RestDispatcher dispatcher = services.GetService<RestDispatcher>()
            ?? throw new InvalidOperationException("MapSidecar needs services: add builder.Services.AddSidecar(builder.Configuration) before Build().");
        RequestDelegate rest = dispatcher.HandleAsync;
        List<IEndpointConventionBuilder> mapped = [];
        foreach (string route in (string[])["/", "/metrics", "/openapi.json", "/docs", "/explain", "/v1/{**rest}", "/v2/{**rest}"])
        {
            mapped.Add(endpoints.Map(route, rest).WithDisplayName("Sidecar " + route));
        }

        if (services.GetRequiredService<OpenAiRoutes>().Prefix is { Length: > 0 } prefix)
        {
            mapped.Add(endpoints.Map(prefix + "/v1/{**rest}", rest).WithDisplayName("Sidecar OpenAI"));
        }

        if (services.GetRequiredService<SidecarOptions>().EnableGrpc)
        {
            mapped.Add(endpoints.MapGrpcService<GrpcInferenceService>().WithMetadata(GrpcSizeLimit.Instance));
            mapped.Add(endpoints.MapGrpcService<GrpcHealth>());
            mapped.Add(endpoints.MapGrpcService<ReflectionServiceImpl>());
            mapped.Add(endpoints.MapGrpcService<ReflectionV1ServiceImpl>());
        }

        return new ManyEndpoints(mapped);
    }

    internal static SidecarBuilder AddSidecar(this IServiceCollection services, SidecarOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(static s => new SidecarMetrics(
            s.GetService<System.Diagnostics.Metrics.IMeterFactory>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static s => new RequestLog(
            s.GetRequiredService<SidecarOptions>(), s.GetRequiredService<ILoggerFactory>(), s.GetRequiredService<TimeProvider>(), s.GetService<LogSink>()));
        services.AddSingleton(PredictorChoice.Create);
        services.AddSingleton<ModelRegistry>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<ConcurrencyGate>();
        services.AddSingleton<CallFailure>();
        services.AddSingleton<CallHost>();
        services.AddSingleton<InferenceEndpoint>();
        services.AddSingleton<InfoEndpoints>();
        services.AddSingleton<ModelDescriptions>();
        services.AddSingleton<StartPage>();
        services.AddSingleton(PredictorChoice.CreateOpenAi);
        services.AddSingleton<OpenAiEndpoint>();
        services.AddSingleton<OpenAiModels>();
        services.AddSingleton<OpenAiRoutes>();
        services.AddSingleton<OpenApiDocument>();
        services.AddSingleton<RestDispatcher>();
        services.AddSingleton<IHostedService, SidecarLifetime>();
        if (options.EnableGrpc)
        {
            services.AddSingleton<GrpcCalls>();
            services.AddSingleton<GrpcInferenceService>();
            services.AddSingleton<GrpcHealth>();
            services.AddSingleton(static _ => new ReflectionServiceImpl(GrpcDescriptors.All));
            services.AddSingleton(static _ => new ReflectionV1ServiceImpl(GrpcDescriptors.All));
            services.AddGrpc(grpc =>
            {
                grpc.MaxReceiveMessageSize = options.GrpcMaxReceiveMessageLength < 0 ? null : options.GrpcMaxReceiveMessageLength;

                // An answer that is too large is refused where the error can name the option.
                grpc.MaxSendMessageSize = null;
                grpc.EnableDetailedErrors = false;
            });
        }

        return new SidecarBuilder(services);
    }
}
