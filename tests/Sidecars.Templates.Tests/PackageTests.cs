using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;
using System.Xml.Linq;

namespace Sidecars.Templates.Tests;

/// <summary>What <c>dotnet pack</c> gives.</summary>
[Trait("Category", "Packages")]
public sealed class PackageTests
{
    private static readonly string[] s_libraries =
        ["Sidecars", "Sidecars.Explainers", "Sidecars.MLNet", "Sidecars.Management", "Sidecars.Onnx", "Sidecars.Testing", "Sidecars.Tool"];

    // Portable PDB's kinds of information about a document or a module.
    private static readonly Guid s_sourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");
    private static readonly Guid s_embeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    public static TheoryData<string> All => new(s_libraries.Append("Sidecars.Templates"));

    public static TheoryData<string> Libraries => new(s_libraries);

    [Fact]
    public void Pack_OfTheSolution_MakesOurPackagesAndNoOthers()
    {
        string[] expected =
        [
            .. s_libraries.Select(name => $"{name}.{Made.Version}.nupkg"),
            .. s_libraries.Select(name => $"{name}.{Made.Version}.snupkg"),
            $"Sidecars.Templates.{Made.Version}.nupkg",
        ];

        Directory.GetFiles(Made.Packages).Select(Path.GetFileName).Should().BeEquivalentTo(expected);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Pack_OfAPackage_HasReadmeIconLicenceAndCommit(string name)
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(Made.Packages, $"{name}.{Made.Version}.nupkg"));
        package.GetEntry("README.md")!.Length.Should().BePositive();
        package.GetEntry("icon.png")!.Length.Should().BePositive();
        using Stream nuspec = package.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        XElement metadata = XDocument.Load(nuspec).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
        XElement Element(string local) => metadata.Elements().Single(e => e.Name.LocalName == local);
        Element("readme").Value.Should().Be("README.md");
        Element("icon").Value.Should().Be("icon.png");
        Element("license").Value.Should().Be("Apache-2.0");
        Element("description").Value.Should().NotBeEmpty().And.NotBe("Package Description");
        Element("repository").Attribute("commit")!.Value.Should().MatchRegex("^[0-9a-f]{40}$");
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Pack_OfALibrary_HasSymbolsThatLeadToEverySource(string name)
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(Made.Packages, $"{name}.{Made.Version}.snupkg"));
        ZipArchiveEntry[] symbols = [.. package.Entries.Where(e => Path.GetExtension(e.Name) == ".pdb" && e.Name.StartsWith("Sidecars", StringComparison.OrdinalIgnoreCase))];
        symbols.Should().NotBeEmpty();
        foreach (ZipArchiveEntry symbol in symbols)
        {
            using Stream stream = symbol.Open();
            using MemoryStream whole = new();
            stream.CopyTo(whole);
            whole.Position = 0;
            using var provider = MetadataReaderProvider.FromPortablePdbStream(whole);
            MetadataReader reader = provider.GetMetadataReader();

            // By an address where the repository has one, else in the file itself.
            bool isLinked = Of(reader, EntityHandle.ModuleDefinition)
                .Where(i => reader.GetGuid(i.Kind) == s_sourceLink)
                .Any(i => Encoding.UTF8.GetString(reader.GetBlobBytes(i.Value)).Contains("\"/_/*\"", StringComparison.Ordinal));
            foreach (DocumentHandle document in reader.Documents)
            {
                string path = reader.GetString(reader.GetDocument(document).Name);
                path.Should().StartWith("/_/", "the machine that built it is nobody's business");
                (isLinked || Of(reader, document).Any(i => reader.GetGuid(i.Kind) == s_embeddedSource)).Should().BeTrue("{0} of {1} must be found", path, symbol.FullName);
            }
        }
    }

    [Fact]
    public void Pack_OfTheExplainersProjects_TakesOnePlatformsOnnxRuntime()
    {
        foreach (Project project in Made.Projects.Where(p => !p.IsTransformer))
        {
            string[] natives = [.. Directory.GetFiles(Path.GetDirectoryName(project.Program)!, "*onnxruntime*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Path.GetDirectoryName(project.Program)!, f))
                .Where(f => f != "Microsoft.ML.OnnxRuntime.dll")];
            natives.Should().OnlyContain(f => f.StartsWith("runtimes/linux-", StringComparison.Ordinal)).And.HaveCount(2);
        }
    }

    private static IEnumerable<CustomDebugInformation> Of(MetadataReader reader, EntityHandle handle) =>
        reader.GetCustomDebugInformation(handle).Select(reader.GetCustomDebugInformation);
}
