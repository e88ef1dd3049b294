using System.Reflection;

namespace Sidecars.Templates.Tests;

/// <summary>
/// Our packages as <c>dotnet pack</c> makes them, and the templates installed from there, in folders of their own: nothing
/// that was packed or installed before can be taken for them.
/// </summary>
public sealed class PackedSolution : IAsyncLifetime
{
    private static readonly Dictionary<string, string> s_none = [];
    private readonly Dictionary<string, string> _variables = [];
    private string[] _sources = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("sidecars-templates-").FullName;

    public string Packages => Path.Combine(Folder, "packages");

    public static string Version => Metadata("Version");

    private string Hive => Path.Combine(Folder, "hive");

    public async Task InitializeAsync()
    {
        string repository = Metadata("RepositoryFolder");
        await DotNet.RunAsync(repository, s_none, "pack", "Sidecars.sln", "-c", "Release", "-o", Packages, "--nologo", "-v", "q", "-maxcpucount:1");
        string templates = Path.Combine(Packages, $"Sidecars.Templates.{Version}.nupkg");
        await DotNet.RunAsync(Folder, s_none, "new", "install", templates, "--debug:custom-hive", Hive);

        string listed = await DotNet.RunAsync(repository, s_none, "nuget", "list", "source", "--format", "short");
        _sources = [Packages, .. listed.Split('\n').Where(line => line.StartsWith('E')).Select(line => line[line.IndexOf(' ')..].Trim())];

        // Packages of others may come from where they lie already, unless some of ours lie there too.
        string known = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        _variables["NUGET_PACKAGES"] = Path.Combine(Folder, "restored");
        if (Directory.Exists(known) && Directory.GetDirectories(known, "sidecars*").Length == 0)
        {
            _variables["RestoreFallbackFolders"] = known;
        }
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Makes a project, restores it, builds it without a warning and runs its tests, if it has any.</summary>
    /// <returns>Its folder.</returns>
    internal async Task<string> CreateAsync(string template, string name, params string[] options)
    {
        string folder = Path.Combine(Folder, "projects", name);
        await DotNet.RunAsync(Folder, s_none, ["new", template, "-n", name, "-o", folder, "--debug:custom-hive", Hive, .. options]);
        await DotNet.RunAsync(folder, _variables, ["restore", .. _sources.SelectMany(source => (string[])["--source", source])]);
        await DotNet.RunAsync(folder, _variables, "build", "--no-restore", "-warnaserror", "-maxcpucount:1");
        if (Directory.Exists(Path.Combine(folder, "tests")))
        {
            string output = await DotNet.RunAsync(folder, _variables, "test", "--no-build");
            output.Should().MatchRegex(@"Passed!\s+- Failed:\s+0, Passed:\s+[1-9]");
        }

        return folder;
    }

    private static string Metadata(string key) => typeof(PackedSolution).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
