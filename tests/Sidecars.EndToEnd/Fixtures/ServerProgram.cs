using System.Diagnostics;

namespace Sidecars.EndToEnd.Fixtures;

/// <summary>
/// Which program is tried: tests/ConformanceServer as the build left it, or the executable that the environment
/// variable CONFORMANCE_SERVER names (the native one, or another implementation).
/// </summary>
internal static class ServerProgram
{
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The command that starts it, without arguments of its own.</summary>
    public static IReadOnlyList<string> Command => Environment.GetEnvironmentVariable("CONFORMANCE_SERVER") is { Length: > 0 } executable
        ? [executable]
        : ["dotnet", BuiltAssembly()];

    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        IReadOnlyList<string> command = Command;
        ProcessStartInfo info = new(command[0], command.Skip(1).Concat(arguments))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };

        // The contract's defaults are tried, not what the machine's environment happens to say.
        foreach (string name in info.Environment.Keys.Where(IsOurs).ToArray())
        {
            info.Environment.Remove(name);
        }

        return info;
    }

    private static string BuiltAssembly()
    {
        // bin/<configuration>/net10.0 of this project and of the server's are named alike.
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string path = Path.Combine(
            RepositoryRoot, "tests", "ConformanceServer", "bin", framework.Parent!.Name, framework.Name, "ConformanceServer.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException("Build tests/ConformanceServer first.", path);
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Sidecars.sln")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Sidecars.sln above {AppContext.BaseDirectory}.");
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("CE_", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal)
        || name.StartsWith("SIDECAR", StringComparison.OrdinalIgnoreCase) || name.StartsWith("KSERVE_", StringComparison.Ordinal)
        || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name.EndsWith("_CA_BUNDLE", StringComparison.Ordinal);
}
