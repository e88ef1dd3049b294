using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sidecars.Templates.Tests;

/// <summary>
/// What <c>-n</c> may say. A namespace <c>Acme.Model</c> would hide the class <c>Model</c>, so the templates know all such words.
/// </summary>
[Trait("Category", "Packages")]
public sealed partial class NamesTests
{
    public static TheoryData<string> Templates => new("kserve-transformer", "kserve-explainer");

    [Theory]
    [MemberData(nameof(Templates))]
    public void Namespaces_ThatWouldHideATypeOfTheProject_AreOtherwise(string template)
    {
        string pattern = Pattern(template, "noType");

        string[] hidden = [.. Made.Projects.Where(p => p.Template == template).SelectMany(Types).Distinct().Where(t => !Regex.IsMatch("Acme." + t, pattern))];

        hidden.Should().BeEmpty("a project may be called so, and the template's noType has to know it");
    }

    [Theory]
    [InlineData("Acme.Model", "Acme.Model_")]
    [InlineData("Customer", "Customer_")]
    [InlineData("class", "class_")]
    [InlineData("My Model", "My_Model")]
    [InlineData("my-model", "my_model")]
    [InlineData("9Lives", "_9Lives")]
    [InlineData("Tests", "Tests")]
    [InlineData("Acme.Churn.V2", "Acme.Churn.V2")]
    public void Namespaces_OfAName_AreNearIt(string name, string expected)
    {
        Project project = Made.Named(name);

        project.Read($"tests/{name}.Tests/ChurnModelTests.cs").Should().Contain($"\nnamespace {expected}.Tests;\n");
        Match root = RootNamespace().Match(project.Read($"src/{name}/{name}.csproj"));
        (root.Success ? root.Groups[1].Value : name).Should().Be(expected, "files that are added get the same");
    }

    /// <summary>Of the types that the compiled project has and uses, those that its sources name.</summary>
    private static IEnumerable<string> Types(Project project)
    {
        string sources = string.Concat(
            Directory.EnumerateFiles(project.Folder, "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText));
        HashSet<string> words = [.. Word().Matches(sources).Select(m => m.Value)];
        string[] assemblies = project.Is("tests") ? [project.Program, project.Tests] : [project.Program];
        return assemblies.SelectMany(Compiled).Where(type => words.Contains(type) || words.Contains(Attribute().Replace(type, "")))
            .Select(type => Attribute().Replace(type, ""));
    }

    private static IEnumerable<string> Compiled(string assembly)
    {
        using PEReader file = new(File.OpenRead(assembly));
        MetadataReader reader = file.GetMetadataReader();
        return
        [
            .. reader.TypeReferences.Select(reader.GetTypeReference).Where(t => t.ResolutionScope.Kind == HandleKind.AssemblyReference)
                .Select(t => reader.GetString(t.Name).Split('`')[0]),
            .. reader.TypeDefinitions.Select(reader.GetTypeDefinition).Where(t => !t.IsNested).Select(t => reader.GetString(t.Name).Split('`')[0]),
        ];
    }

    private static string Pattern(string template, string form)
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(Made.Packages, $"Sidecars.Templates.{Made.Version}.nupkg"));
        using Stream file = package.GetEntry($"content/{template}/.template.config/template.json")!.Open();
        using JsonDocument document = JsonDocument.Parse(file);
        return document.RootElement.GetProperty("forms").GetProperty(form).GetProperty("pattern").GetString()!;
    }

    // Not what comes after a dot: that is looked for in a type.
    [GeneratedRegex(@"(?<![.\w])[A-Z]\w+")]
    private static partial Regex Word();

    [GeneratedRegex("Attribute$")]
    private static partial Regex Attribute();

    [GeneratedRegex("<RootNamespace>(.+)</RootNamespace>")]
    private static partial Regex RootNamespace();
}
