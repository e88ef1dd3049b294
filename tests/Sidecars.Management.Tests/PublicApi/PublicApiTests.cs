using System.Runtime.CompilerServices;
using PublicApiGenerator;

namespace Sidecars.Management.Tests.PublicApi;

/// <summary>What users see of the package stands in the text file beside this one; <c>UPDATE_API=1</c> writes it anew.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void Package_PublicSurface_IsWhatTheFileSays()
    {
        string file = Path.Combine(Folder(), "Sidecars.Management.txt");
        string actual = typeof(KServeClient).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n").Trim() + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_API") == "1")
        {
            File.WriteAllText(file, actual);
        }

        actual.Should().Be(File.ReadAllText(file).ReplaceLineEndings("\n"), "a change of the surface is wanted or it is not");
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
