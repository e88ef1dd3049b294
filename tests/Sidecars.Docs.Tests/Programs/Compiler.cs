using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Sidecars.Docs.Tests.Pages;

namespace Sidecars.Docs.Tests.Programs;

/// <summary>
/// Compiles programs of pages as a user's project would: implicit usings of the SDK, nullable references, and no warning let
/// pass.
/// </summary>
internal static class Compiler
{
    private static readonly string[] s_usings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
    ];

    private static readonly Lazy<MetadataReference[]> s_references = new(static () =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static f => !Path.GetFileName(f).StartsWith("Sidecars.Docs.", StringComparison.Ordinal))
            .Select(static f => MetadataReference.CreateFromFile(f)),
    ]);

    public static CSharpCompilation Compile(PageProgram program, string name, bool forTests = false)
    {
        IEnumerable<string> usings = forTests ? [.. s_usings, "Xunit"] : s_usings;
        string implicitUsings = string.Concat(usings.Select(static u => $"global using {u};\n"));
        SyntaxTree[] trees =
        [
            CSharpSyntaxTree.ParseText(implicitUsings, path: "usings.cs"),
            .. program.Sources.Select(static s => CSharpSyntaxTree.ParseText(s.Text, path: s.Name)),
        ];
        bool hasEntry = trees.Any(static t => t.GetRoot().ChildNodes().Any(static n => n.IsKind(SyntaxKind.GlobalStatement)));
        return CSharpCompilation.Create(
            name,
            trees,
            s_references.Value,
            new CSharpCompilationOptions(
                hasEntry ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable,
                optimizationLevel: OptimizationLevel.Release,
                warningLevel: 9999));
    }

    /// <summary>Errors and warnings, by page and line.</summary>
    public static IReadOnlyList<string> Complaints(CSharpCompilation compilation) =>
    [
        .. compilation.GetDiagnostics()
            .Where(static d => d.Severity is DiagnosticSeverity.Error or DiagnosticSeverity.Warning)
            .Select(static d => d.ToString()),
    ];

    /// <summary>The program as a folder that <c>dotnet NAME.dll</c> starts, beside links to all it may use.</summary>
    public static void Publish(Block block, string name, string folder)
    {
        Directory.CreateDirectory(folder);
        CSharpCompilation compilation = Compile(PageProgram.Of(block), name);
        Complaints(compilation).Should().BeEmpty();
        using (FileStream file = File.Create(Path.Combine(folder, name + ".dll")))
        {
            compilation.Emit(file).Success.Should().BeTrue();
        }

        string own = AppContext.BaseDirectory;
        string native = Path.Combine(own, "runtimes", "linux-x64", "native");
        foreach (string library in Directory.GetFiles(own, "*.dll").Concat(Directory.Exists(native) ? Directory.GetFiles(native) : []))
        {
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(library)), library);
        }

        File.Copy(Path.Combine(own, "Sidecars.Docs.Tests.runtimeconfig.json"), Path.Combine(folder, name + ".runtimeconfig.json"));
    }
}
