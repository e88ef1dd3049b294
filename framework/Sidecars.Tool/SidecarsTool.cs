using System.CommandLine;
using System.CommandLine.Help;
using Sidecars.Management;
using Sidecars.Tool.Call;
using Sidecars.Tool.Check;
using Sidecars.Tool.Isvc;

namespace Sidecars.Tool;

/// <summary>The command line. Exit code 0: done; 1: not done, and the reason is on standard error; 2: canceled.</summary>
internal static class SidecarsTool
{
    public static Command Create(ToolConsole console, TimeProvider time) => new("sidecars", "Manage, call and check KServe models.")
    {
        new HelpOption(),
        new VersionOption(),
        IsvcCommands.Create(console, time),
        CallCommand.Create(console),
        CheckCommand.Create(console),
    };

    public static async Task<int> RunAsync(string[] args, ToolConsole console, TimeProvider? time = null)
    {
        Command root = Create(console, time ?? TimeProvider.System);
        var configuration = new InvocationConfiguration
        {
            Output = console.Out,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            return await root.Parse(args).InvokeAsync(configuration).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KServeException or InferenceException or ToolException or FormatException or ArgumentException
            or IOException or UnauthorizedAccessException)
        {
            await console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await console.Error.WriteLineAsync("Canceled.").ConfigureAwait(false);
            return 2;
        }
    }
}
