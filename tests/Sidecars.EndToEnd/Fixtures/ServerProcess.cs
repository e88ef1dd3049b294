using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Sidecars.EndToEnd.Wire;

namespace Sidecars.EndToEnd.Fixtures;

/// <summary>The server under test as a process of its own, with its output captured; ended when disposed.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    public const int SigInt = 2;
    public const int SigQuit = 3;
    public const int SigTerm = 15;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private ServerProcess(Process process, int httpPort, int grpcPort)
    {
        _process = process;
        HttpPort = httpPort;
        GrpcPort = grpcPort;
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
    }

    public int HttpPort { get; }

    public int GrpcPort { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has written to its standard error so far.</summary>
    public string Errors => Snapshot(_errors);

    /// <summary>Both streams, for messages.</summary>
    public string Output => $"stdout:\n{Snapshot(_output)}\nstderr:\n{Snapshot(_errors)}";

    /// <summary>Starts it on free ports and waits until they accept connections.</summary>
    public static Task<ServerProcess> StartAsync(params string[] arguments) => StartAsync([], arguments);

    public static async Task<ServerProcess> StartAsync(IEnumerable<(string Name, string Value)> environment, params string[] arguments)
    {
        int[] ports = Ports.Free(2);
        ServerProcess server = Launch(
            environment, ports[0], ports[1], ["--http_port", $"{ports[0]}", "--grpc_port", $"{ports[1]}", .. arguments]);
        await server.UntilReadyAsync(ports);
        return server;
    }

    /// <summary>Starts it with exactly these arguments; it listens on the given HTTP port, and on no gRPC port.</summary>
    public static async Task<ServerProcess> StartExactlyAsync(int httpPort, int grpcPort, params string[] arguments)
    {
        ServerProcess server = Launch([], httpPort, grpcPort, arguments);
        await server.UntilReadyAsync(httpPort);
        return server;
    }

    /// <summary>Runs it with exactly these arguments, expecting it to end by itself.</summary>
    public static async Task<(int ExitCode, string Errors)> RunToExitAsync(params string[] arguments)
    {
        await using ServerProcess server = Launch([], 0, 0, arguments);
        int exitCode = await server.ExitAsync();
        return (exitCode, server.Errors);
    }

    public void Signal(int signal) => _ = Kill(_process.Id, signal);

    /// <summary>Waits for the end, output included.</summary>
    public async Task<int> ExitAsync()
    {
        using CancellationTokenSource deadline = Deadline.Start();
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The server did not end.\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Waits until a line of its standard error satisfies the test.</summary>
    public async Task<string> UntilErrorLineAsync(Func<string, bool> wanted)
    {
        using CancellationTokenSource deadline = Deadline.Start();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        try
        {
            while (true)
            {
                if (Errors.Split('\n').FirstOrDefault(wanted) is { } line)
                {
                    return line;
                }

                await timer.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The expected line was not logged.\n{Output}");
        }
    }

    /// <summary>A figure of /proc/PID/status in KiB, such as VmHWM, the most memory it ever held.</summary>
    public long Memory(string figure)
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").Single(l => l.StartsWith(figure + ":", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static ServerProcess Launch(
        IEnumerable<(string Name, string Value)> environment, int httpPort, int grpcPort, string[] arguments)
    {
        ProcessStartInfo info = ServerProgram.StartInfo(arguments);
        foreach ((string name, string value) in environment)
        {
            info.Environment[name] = value;
        }

        Process process = new() { StartInfo = info };
        ServerProcess server = new(process, httpPort, grpcPort);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return server;
    }

    private async Task UntilReadyAsync(params int[] ports)
    {
        using CancellationTokenSource deadline = Deadline.Start();
        foreach (int port in ports)
        {
            if (!await Ports.UntilAsync(port, open: true, () => _process.HasExited, deadline.Token))
            {
                await _process.WaitForExitAsync(deadline.Token);
                throw new InvalidOperationException($"The server ended with {_process.ExitCode} instead of listening.\n{Output}");
            }
        }
    }

    private static void Append(StringBuilder lines, string? line)
    {
        if (line is not null)
        {
            lock (lines)
            {
                lines.Append(line).Append('\n');
            }
        }
    }

    private static string Snapshot(StringBuilder lines)
    {
        lock (lines)
        {
            return lines.ToString();
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
