using System.Diagnostics;

namespace Sidecars.Explainers.Server.Tests;

/// <summary>The program as users start it, run to its end.</summary>
internal static class Tool
{
    /// <summary>Runs it with these arguments.</summary>
    public static Task<ToolResult> RunAsync(params string[] arguments) => RunAsync([], arguments);

    /// <summary>Runs it with these environment variables and arguments.</summary>
    public static async Task<ToolResult> RunAsync(IEnumerable<(string Name, string Value)> environment, string[] arguments, string? input = null)
    {
        using Process process = Start(environment, arguments);
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ToolResult(process.ExitCode, await output, errors);
    }

    /// <summary>Starts it, in a folder that is not its own, with nothing of the machine's own settings.</summary>
    public static Process Start(IEnumerable<(string Name, string Value)> environment, IEnumerable<string> arguments)
    {
        ProcessStartInfo info = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "sidecars-explainer.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (string name in info.Environment.Keys.Where(IsSetting).ToArray())
        {
            info.Environment.Remove(name);
        }

        foreach ((string name, string value) in environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info)!;
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("SIDECAR", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ONNX_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("KSERVE_", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || name.StartsWith("OTEL_", StringComparison.Ordinal) || name.StartsWith("JOB_", StringComparison.Ordinal) || name == "STORAGE_URI";
}
