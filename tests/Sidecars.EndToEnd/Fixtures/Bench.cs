using Sidecars.EndToEnd.Cases;
using Sidecars.EndToEnd.Wire;

namespace Sidecars.EndToEnd.Fixtures;

/// <summary>A running server with callers for its two ports: what most tests hold in their hands.</summary>
public sealed class Bench : IAsyncDisposable
{
    private Bench(ServerProcess server)
    {
        Server = server;
        Grpc = new GrpcCaller(server.GrpcPort);
    }

    public ServerProcess Server { get; }

    public GrpcCaller Grpc { get; }

    public static async Task<Bench> StartAsync(params string[] arguments) => new(await ServerProcess.StartAsync(arguments));

    public static async Task<Bench> StartAsync(IEnumerable<(string, string)> environment, params string[] arguments) =>
        new(await ServerProcess.StartAsync(environment, arguments));

    /// <summary>Sends over a connection of its own.</summary>
    public async Task<HttpAnswer> SendAsync(HttpRequestText request)
    {
        using CancellationTokenSource deadline = Deadline.Start();
        await using HttpConnection connection = await HttpConnection.OpenAsync(Server.HttpPort, deadline.Token);
        return await connection.SendAsync(request, deadline.Token);
    }

    public Task<HttpAnswer> GetAsync(string target) => SendAsync(HttpRequestText.Get(target));

    /// <summary>Sends and checks.</summary>
    public async Task<HttpAnswer> CheckAsync(HttpRequestText request, Expect expect)
    {
        HttpAnswer answer = await SendAsync(request);
        expect.Check(request, answer);
        return answer;
    }

    /// <summary>The server still answers on both protocols: whatever was done to it, it goes on.</summary>
    public async Task CheckAliveAsync()
    {
        await CheckAsync(HttpRequestText.Get("/"), Expect.Ok("""{"status":"alive"}"""));
        await CheckAsync(HttpRequestText.PostJson("/v1/models/echo:predict", """{"instances":[1]}"""), Expect.Ok("""{"predictions":[1]}"""));
    }

    public ValueTask DisposeAsync()
    {
        Grpc.Dispose();
        return Server.DisposeAsync();
    }
}
