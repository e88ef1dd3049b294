using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Samples.Shared;

/// <summary>A sample as the process that <c>dotnet run</c> starts, on free ports; ended when disposed.</summary>
internal sealed partial class SampleProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new();
    private Task _drained = Task.CompletedTask;

    private SampleProcess(Process process) => _process = process;

    public int HttpPort { get; private set; }

    public int GrpcPort { get; private set; }

    /// <summary>
    /// Starts the program that the build put beside the tests, or one named with its whole path, from a folder that holds
    /// none of its files. What is no .dll is a native file.
    /// </summary>
    public static async Task<SampleProcess> StartAsync(string program, params string[] arguments)
    {
        string path = Path.Combine(AppContext.BaseDirectory, program);
        string[] ports = ["--http_port", "0", "--grpc_port", "0", .. arguments];
        bool isNative = Path.GetExtension(path) != ".dll";
        ProcessStartInfo info = new(isNative ? path : "dotnet", isNative ? ports : [path, .. ports])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        var sample = new SampleProcess(Process.Start(info)!);
        Task output = sample._process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        StringBuilder seen = new();
        while (await sample._process.StandardError.ReadLineAsync() is { } line)
        {
            seen.AppendLine(line);
            if (ListeningLine().Match(line) is { Success: true } match)
            {
                sample.HttpPort = Port(match.Groups[1]);
                sample.GrpcPort = Port(match.Groups[2]);

                // Read on, or a full pipe would stop the process.
                sample._drained = Task.WhenAll(output, sample._process.StandardError.BaseStream.CopyToAsync(Stream.Null));
                return sample;
            }
        }

        await sample.DisposeAsync();
        throw new InvalidOperationException($"{program} ended instead of listening:\n{seen}");
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<(int ExitCode, string Errors)> RunAsync(string program, params string[] arguments)
    {
        ProcessStartInfo info = new("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments])
        {
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        using Process process = Process.Start(info)!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, errors);
    }

    public async Task<(HttpStatusCode Status, string Text)> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _http.PostAsync(new Uri($"http://127.0.0.1:{HttpPort}{path}"), content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
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

    private static int Port(Group text) => int.Parse(text.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Listening on http://[^ ]*:(\d+) and http://[^ ]*:(\d+)")]
    private static partial Regex ListeningLine();
}
