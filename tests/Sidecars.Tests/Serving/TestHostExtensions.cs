using Microsoft.Extensions.DependencyInjection;

namespace Sidecars.Tests.Serving;

internal static class TestHostExtensions
{
    /// <summary>Adds a model behind other services, in one line.</summary>
    public static void AddModel<TModel>(this IServiceCollection services, SidecarApplicationBuilder builder) where TModel : Model
    {
        services.Should().NotBeNull();
        builder.Sidecar.AddModel(static s => ActivatorUtilities.CreateInstance<TModel>(s));
    }
}
