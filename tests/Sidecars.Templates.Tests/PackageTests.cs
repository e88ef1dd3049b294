using System.IO.Compression;
using System.Xml.Linq;

namespace Sidecars.Templates.Tests;

/// <summary>What <c>dotnet pack</c> gives.</summary>
[Collection(PackagesCollection.Name)]
[Trait("Category", "Packages")]
public sealed class PackageTests(PackedSolution solution)
{
    private static readonly string[] s_libraries =
        ["Sidecars", "Sidecars.Explainers", "Sidecars.MLNet", "Sidecars.Management", "Sidecars.Onnx", "Sidecars.Testing", "Sidecars.Tool"];

    [Fact]
    public void Pack_OfTheSolution_MakesOurPackagesAndNoOthers()
    {
        string[] expected =
        [
            .. s_libraries.Select(name => $"{name}.{PackedSolution.Version}.nupkg"),
            .. s_libraries.Select(name => $"{name}.{PackedSolution.Version}.snupkg"),
            $"Sidecars.Templates.{PackedSolution.Version}.nupkg",
        ];
        Directory.GetFiles(solution.Packages).Select(Path.GetFileName).Should().BeEquivalentTo(expected);
    }

    [Fact]
    public void Pack_OfEachPackage_HasReadmeIconAndLicence()
    {
        foreach (string file in Directory.GetFiles(solution.Packages, "*.nupkg"))
        {
            using ZipArchive package = ZipFile.OpenRead(file);
            package.GetEntry("README.md").Should().NotBeNull(file);
            package.GetEntry("icon.png").Should().NotBeNull(file);
            using Stream nuspec = package.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
            XElement metadata = XDocument.Load(nuspec).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
            string Value(string name) => metadata.Elements().Single(e => e.Name.LocalName == name).Value;
            Value("readme").Should().Be("README.md");
            Value("icon").Should().Be("icon.png");
            Value("license").Should().Be("Apache-2.0");
            Value("description").Should().NotBeEmpty().And.NotBe("Package Description");
        }
    }
}
