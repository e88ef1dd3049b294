using System.Runtime.CompilerServices;

namespace Sidecars.Explainers.Tests;

/// <summary>Files of the repository that tests hold to the code.</summary>
internal static class Repository
{
    /// <summary>Whether generated files are to be written anew instead of compared.</summary>
    public static bool Updates => Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1";

    public static string File(string relative) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../..", relative));

    private static string Here([CallerFilePath] string here = "") => here;
}
