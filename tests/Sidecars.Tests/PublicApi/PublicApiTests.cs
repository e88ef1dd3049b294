using System.Reflection;
using System.Runtime.CompilerServices;
using PublicApiGenerator;
using Sidecars.Testing;

namespace Sidecars.Tests.PublicApi;

/// <summary>
/// What users see of each package stands in a text file beside this one, so that a change shows in a diff. Run the tests
/// with <c>UPDATE_API=1</c> to write the files anew.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly ApiGeneratorOptions s_options = new()
    {
        // Versions and friends are no promise to users.
        IncludeAssemblyAttributes = false,
    };

    public static TheoryData<string> Packages => new("Sidecars", "Sidecars.Testing");

    [Theory]
    [MemberData(nameof(Packages))]
    public void Package_PublicSurface_IsWhatTheFileSays(string package)
    {
        Assembly assembly = package == "Sidecars" ? typeof(Model).Assembly : typeof(ScriptedPredictor).Assembly;
        string actual = assembly.GeneratePublicApi(s_options).ReplaceLineEndings("\n").Trim() + "\n";
        string file = FileFor(package);
        if (Environment.GetEnvironmentVariable("UPDATE_API") == "1")
        {
            File.WriteAllText(file, actual);
        }

        string expected = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";

        actual.Should().Be(expected, "a change of {0} is wanted or it is not; UPDATE_API=1 writes it down", Path.GetFileName(file));
    }

    private static string FileFor(string package, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, package + ".txt");
}
