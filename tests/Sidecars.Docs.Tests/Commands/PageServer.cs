using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Sidecars.Docs.Tests.Commands;

/// <summary>A server that a block of a page started. The page's ports stand for the free ones that it got.</summary>
internal sealed partial class PageServer : IAsyncDisposable
{
    private readonly Process _process;
    private Task _drained = Task.CompletedTask;

    private PageServer(Process process) => _process = process;

    /// <summary>Ports on the page → ports in truth.</summary>
    public Dictionary<int, int> Ports { get; } = [];

    /// <param name="shown">The script as the page has it, which says its ports.</param>
    /// <param name="script">The script to run.</param>
    public static async Task<PageServer> StartAsync(string shown, string script, WorkFolder work)
    {
        var server = new PageServer(Shell.Start(script, work, "--http_port 0 --grpc_port 0"));
        StringBuilder seen = new();
        Task output = server._process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        while (await server._process.StandardError.ReadLineAsync() is { } line)
        {
            seen.AppendLine(line);
            if (Listening().Match(line) is { Success: true } match)
            {
                server.Ports[Shown(shown, "http_port", 8080)] = Number(match.Groups[1]);
                if (match.Groups[2].Success)
                {
                    server.Ports[Shown(shown, "grpc_port", 8081)] = Number(match.Groups[2]);
                }

                // Read on, or a full pipe would stop the process.
                server._drained = Task.WhenAll(output, server._process.StandardError.BaseStream.CopyToAsync(Stream.Null));
                return server;
            }
        }

        await server.DisposeAsync();
        throw new InvalidOperationException($"'{shown}' ended instead of listening:\n{seen}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        await _drained;
        _process.Dispose();
    }

    private static int Shown(string script, string flag, int otherwise) =>
        Regex.Match(script, $@"--{flag}[ =](\d+)") is { Success: true } match ? Number(match.Groups[1]) : otherwise;

    private static int Number(Group text) => int.Parse(text.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Listening on http://[^ ]*:(\d+)(?: and http://[^ ]*:(\d+))?")]
    private static partial Regex Listening();
}
