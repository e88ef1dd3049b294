using System.Runtime.CompilerServices;

namespace Sidecars.Browser.Tests;

/// <summary>Folders of the repository.</summary>
internal static class Places
{
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../.."));

    /// <summary>Where pictures of every page are put; not under version control.</summary>
    public static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(Repository, "artifacts", "screenshots")).FullName;

    /// <summary>Where npm ci puts the script; see package.json.</summary>
    public static string HtmlCodeSniffer { get; } =
        Path.Combine(Repository, "tests", "Sidecars.Browser.Tests", "node_modules", "html_codesniffer", "build", "HTMLCS.js");

    private static string Here([CallerFilePath] string here = "") => here;
}
