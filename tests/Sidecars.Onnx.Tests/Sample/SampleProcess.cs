using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Sidecars.Onnx.Tests.Sample;

/// <summary>samples/BreastCancer as the process that users start, on free ports; ended when disposed.</summary>
public sealed partial class SampleProcess : IAsyncLifetime
{
    private readonly TaskCompletionSource<(int Http, int Grpc)> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _log = [];
    private Process? _process;

    public HttpClient Http { get; } = new();

    public int GrpcPort { get; private set; }

    public static string Folder { get; } = Path.Combine(RepositoryRoot(), "samples", "BreastCancer");

    public async Task InitializeAsync()
    {
        // bin/<configuration>/<framework> of this project and of the sample's are named alike. The process starts in
        // another folder than its own, which must not matter.
        string output = Path.GetRelativePath(
            Path.Combine(RepositoryRoot(), "tests", "Sidecars.Onnx.Tests"), AppContext.BaseDirectory);
        ProcessStartInfo info = new("dotnet", [Path.Combine(Folder, output, "BreastCancer.dll"), "--http_port", "0", "--grpc_port", "0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (string name in info.Environment.Keys.Where(IsAnOption).ToArray())
        {
            info.Environment.Remove(name);
        }

        _process = new Process { StartInfo = info, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("The sample ended:\n" + Log));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        (int http, int grpc) = await _listening.Task.WaitAsync(TimeSpan.FromMinutes(2));
        Http.BaseAddress = new Uri($"http://127.0.0.1:{http}");
        GrpcPort = grpc;
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
    }

    private string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.Add(line);
        }

        if (Addresses().Match(line) is { Success: true } found)
        {
            _listening.TrySetResult((Port(found.Groups[1]), Port(found.Groups[2])));
        }
    }

    /// <summary>The sample's own settings are tried, not what the machine's environment happens to say.</summary>
    private static bool IsAnOption(string name) =>
        name.StartsWith("SIDECAR", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ONNX_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("KSERVE_", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || name.StartsWith("OTEL_", StringComparison.Ordinal);

    private static int Port(Group group) => int.Parse(group.ValueSpan, System.Globalization.CultureInfo.InvariantCulture);

    private static string RepositoryRoot()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Sidecars.sln")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new DirectoryNotFoundException($"No Sidecars.sln above {AppContext.BaseDirectory}.");
    }

    [GeneratedRegex(@"Listening on http://\S+:(\d+) and http://\S+:(\d+)")]
    private static partial Regex Addresses();
}
