using System.Reflection;

namespace Sidecars.Templates.Tests;

/// <summary>What <c>.ci/templates</c> packed and made, in the folder that it names in TEMPLATES_MADE.</summary>
internal static class Made
{
    private static readonly string? s_folder = Environment.GetEnvironmentVariable("TEMPLATES_MADE");

    public static string Folder => s_folder ?? throw new InvalidOperationException("These tests are run by .ci/templates.");

    public static string Packages => Path.Combine(Folder, "packages");

    /// <summary>Of our packages.</summary>
    public static string Version { get; } = typeof(Made).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Version").Value!;

    /// <summary>Every project; none where nothing was made.</summary>
    public static IReadOnlyList<Project> Projects { get; } =
        s_folder is null ? [] : [.. File.ReadLines(Path.Combine(s_folder, "projects.list")).Select(Project.Parse)];

    public static Project Named(string name) => Projects.Single(p => p.Name == name);

    public static TheoryData<string> Names(Func<Project, bool> which) => new(Projects.Where(which).Select(p => p.Name));
}
