using System.Diagnostics;

namespace Sidecars.Docs.Tests.Commands;

/// <summary>Runs a script of a page with bash.</summary>
internal static class Shell
{
    /// <summary>Longer than anything on a page takes on a busy machine.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    public static Process Start(string script, WorkFolder work, string ports = "")
    {
        ProcessStartInfo info = new("bash", ["-e", "-u", "-o", "pipefail", "-c", script])
        {
            WorkingDirectory = work.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach ((string name, string value) in work.Variables)
        {
            info.Environment[name] = value;
        }

        info.Environment["PORTS"] = ports;
        Process process = Process.Start(info)!;
        process.StandardInput.Close();
        return process;
    }

    /// <returns>What it printed on standard output.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has what it printed.</exception>
    public static async Task<string> RunAsync(string script, WorkFolder work)
    {
        using Process process = Start(script, work);
        using var limit = new CancellationTokenSource(s_limit);
        Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
        string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"Exit code {process.ExitCode}:\n{output}{await errors}");
    }
}
