using Sidecars.EndToEnd.Cases;
using Sidecars.EndToEnd.Wire;

namespace Sidecars.EndToEnd.Fixtures;

/// <summary>One server in front of the scripted V1 predictor, for every case that changes nothing in it.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    public StubPredictor Stub { get; } = StubPredictor.Start();

    public Bench Bench { get; private set; } = null!;

    public async Task InitializeAsync() => Bench = await Bench.StartAsync("--predictor_host", Stub.Host, "--predictor_protocol", "v1");

    public async Task DisposeAsync()
    {
        await Bench.DisposeAsync();
        await Stub.DisposeAsync();
    }

    /// <summary>Runs the named case of a table, with the stub as new.</summary>
    public Task RunAsync(IReadOnlyList<HttpCase> cases, string name)
    {
        Stub.Reset();
        return HttpCase.RunAsync(cases, name, Bench.Server.HttpPort);
    }

    public Task<HttpAnswer> CheckAsync(HttpRequestText request, Expect expect) => Bench.CheckAsync(request, expect);
}

/// <summary>The tests that share <see cref="SharedServer"/>.</summary>
[CollectionDefinition(Name)]
public sealed class SharedServerTests : ICollectionFixture<SharedServer>
{
    public const string Name = "Shared server";
}
