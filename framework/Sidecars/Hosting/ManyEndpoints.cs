using Microsoft.AspNetCore.Builder;

namespace Sidecars.Hosting;

/// <summary>Applies conventions to all of a sidecar's endpoints.</summary>
internal sealed class ManyEndpoints(List<IEndpointConventionBuilder> endpoints) : IEndpointConventionBuilder
{
    public void Add(Action<EndpointBuilder> convention) => endpoints.ForEach(e => e.Add(convention));

    public void Finally(Action<EndpointBuilder> finallyConvention) => endpoints.ForEach(e => e.Finally(finallyConvention));
}
