using Sidecars.Docs.Tests.Pages;
using Sidecars.Docs.Tests.Programs;

namespace Sidecars.Docs.Tests.Commands;

/// <summary>
/// An empty folder in which a page's commands run. The repository's folders are linked into it, and before all other
/// programs stand ours: <c>dotnet run</c> takes what is built already, of the repository or of the page itself.
/// </summary>
internal sealed class WorkFolder : IDisposable
{
    private const string DotNet = """
        #!/usr/bin/env bash
        if [ "$1" != run ] || [ "$2" != --project ]; then exec "$REAL_DOTNET" "$@"; fi
        project=$3
        shift 3
        if [ "${1:-}" = -- ]; then shift; fi
        built=("$PAGE_PROGRAMS/$project"/*.runtimeconfig.json "$REPOSITORY/$project/bin/$CONFIGURATION/net10.0"/*.runtimeconfig.json)
        for found in "${built[@]}"; do
          if [ -e "$found" ]; then exec "$REAL_DOTNET" "${found%.runtimeconfig.json}.dll" "$@" $PORTS; fi
        done
        echo "$project is neither built nor a program of the page" >&2
        exit 1
        """;

    private static readonly string[] s_linked = ["deploy", "docs", "explainers", "framework", "samples", "templates", "tests"];

    /// <summary>With its folder: the name alone would be our own.</summary>
    private static readonly string s_dotNet = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(static f => Path.Combine(f, "dotnet")).FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("dotnet is not on PATH.");

    private readonly string _root = Directory.CreateTempSubdirectory("sidecars-docs-").FullName;

    public WorkFolder()
    {
        Directory.CreateDirectory(Folder);
        foreach (string name in s_linked)
        {
            Directory.CreateSymbolicLink(Path.Combine(Folder, name), Repository.PathOf(name));
        }

        Directory.CreateDirectory(Path.Combine(_root, "bin"));
        Write("dotnet", DotNet);
        Write("sidecars", "#!/usr/bin/env bash\nexec dotnet run --project framework/Sidecars.Tool -- \"$@\"");
        Write("sidecars-explainer", "#!/usr/bin/env bash\nexec dotnet run --project explainers/Sidecars.Explainers.Server -- \"$@\"");
    }

    public string Folder => Path.Combine(_root, "work");

    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["PATH"] = $"{_root}/bin:{Environment.GetEnvironmentVariable("PATH")}",
        ["REAL_DOTNET"] = s_dotNet,
        ["PAGE_PROGRAMS"] = Programs,
        ["REPOSITORY"] = Repository.Folder,
        ["CONFIGURATION"] = Repository.Configuration,
        ["PORTS"] = "",
    };

    private string Programs => Path.Combine(_root, "programs");

    /// <summary>Makes a program of the page one that <c>dotnet run --project NAME</c> starts.</summary>
    public void Add(Block program) =>
        Compiler.Publish(program, program.Marker!.Value("name"), Path.Combine(Programs, program.Marker.Value("name")));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string name, string script)
    {
        string file = Path.Combine(_root, "bin", name);
        File.WriteAllText(file, script.ReplaceLineEndings("\n") + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
