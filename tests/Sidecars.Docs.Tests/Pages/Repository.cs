using System.Reflection;

namespace Sidecars.Docs.Tests.Pages;

/// <summary>The repository's folder, and what in it is a page.</summary>
internal static class Repository
{
    public static string Folder { get; } = Metadata("RepositoryFolder");

    /// <summary>Debug or Release, as this project was built, and with it the programs that pages start.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>Paths of all pages, from the repository's folder.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        "README.md", "ARCHITECTURE.md", "deploy/README.md",
        .. Under("docs"), .. Under("framework", "README.md"), .. Under("explainers", "README.md"),
        .. Under("samples", "README.md"), .. Under("templates", "README.md"),
    ];

    public static string PathOf(string relative) => Path.Combine(Folder, relative);

    private static IEnumerable<string> Under(string folder, string pattern = "*.md") =>
        Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))
            .Where(static file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
