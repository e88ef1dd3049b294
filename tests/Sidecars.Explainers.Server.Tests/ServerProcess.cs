using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sidecars.Explainers.Server.Tests;

/// <summary>The server as a process of its own on free ports; ended when disposed.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new();
    private readonly StringBuilder _errors = new();
    private Task _drained = Task.CompletedTask;

    private ServerProcess(Process process) => _process = process;

    public int HttpPort { get; private set; }

    public int GrpcPort { get; private set; }

    /// <summary>How long it took from its start until it listened.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <summary>Starts it and waits for the line that says where it listens.</summary>
    public static Task<ServerProcess> StartAsync(params string[] arguments) => StartAsync([], arguments);

    /// <summary>Starts it with environment variables. Ports come first, so that later flags may say otherwise.</summary>
    public static async Task<ServerProcess> StartAsync(IEnumerable<(string Name, string Value)> environment, string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        var server = new ServerProcess(Tool.Start(environment, ["--http_port", "0", "--grpc_port", "0", .. arguments]));
        Task output = server._process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        while (await server._process.StandardError.ReadLineAsync() is { } line)
        {
            server._errors.AppendLine(line);
            if (ListeningLine().Match(line) is { Success: true } match)
            {
                server.ReadyAfter = Stopwatch.GetElapsedTime(start);
                server.HttpPort = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
                server.GrpcPort = int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture);

                // Read on, or a full pipe would stop the process.
                server._drained = Task.WhenAll(output, server.ReadOnAsync());
                return server;
            }
        }

        await server.DisposeAsync();
        throw new InvalidOperationException($"The server ended instead of listening:\n{server._errors}");
    }

    public async Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _http.PostAsync(new Uri($"http://127.0.0.1:{HttpPort}{path}"), content);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Clone());
    }

    /// <summary>The answer to a request that must succeed.</summary>
    public async Task<JsonElement> ExplainAsync(string json, string model = "model")
    {
        (HttpStatusCode status, JsonElement answer) = await PostAsync($"/v1/models/{model}:explain", json);
        status.Should().Be(HttpStatusCode.OK, answer.ToString());
        return answer;
    }

    /// <summary>Asks it to stop, as Kubernetes does, and waits until it has.</summary>
    public async Task<int> TerminateAsync()
    {
        Signals.Send(_process, Signals.Terminate);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _drained;
        _process.Dispose();
    }

    private async Task ReadOnAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _errors.AppendLine(line);
        }
    }

    [GeneratedRegex(@"Listening on http://[^ ]*:(\d+) and http://[^ ]*:(\d+)")]
    private static partial Regex ListeningLine();
}
