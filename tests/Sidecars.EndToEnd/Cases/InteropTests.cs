using System.Diagnostics;
using Sidecars.EndToEnd.Fixtures;
using Sidecars.EndToEnd.Wire;

namespace Sidecars.EndToEnd.Cases;

/// <summary>
/// The peers that are not ours: grpcio and grpc-js, as callers of the server and as predictors behind it. They must be
/// there; a machine without them fails here rather than passing for nothing. Leave them out with
/// <c>dotnet test --filter Category!=Interop</c>.
/// </summary>
[Trait("Category", "Interop")]
public sealed class InteropTests
{
    private static readonly TimeSpan _most = TimeSpan.FromMinutes(10);

    private static string Folder(string peer) => Path.Combine(ServerProgram.RepositoryRoot, "tests", "interop", peer);

    [Fact]
    public async Task Interop_PythonGrpcio_AllChecksPass()
    {
        // Debian's own interpreter: that is the one its python3-grpcio package belongs to.
        string python = Environment.GetEnvironmentVariable("INTEROP_PYTHON") ?? "/usr/bin/python3";
        (int exitCode, string output) = await RunAsync(Folder("python"), [python, "-B", "interop.py", .. ServerProgram.Command]);
        Check(exitCode, output);
    }

    [Fact]
    public async Task Interop_NodeGrpcJs_AllChecksPass()
    {
        string folder = Folder("node");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@grpc", "grpc-js")))
        {
            (int installed, string log) = await RunAsync(folder, ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
            installed.Should().Be(0, "of npm ci: {0}", log);
        }

        (int exitCode, string output) = await RunAsync(folder, ["node", "interop.js", .. ServerProgram.Command]);
        Check(exitCode, output);
    }

    private static void Check(int exitCode, string output)
    {
        output.Should().MatchRegex(@"[1-9]\d* passed, 0 failed");
        exitCode.Should().Be(0, "of {0}", output);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string folder, IReadOnlyList<string> command)
    {
        ProcessStartInfo info = new(command[0], command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(info)!;
        using CancellationTokenSource deadline = new(_most);
        Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
