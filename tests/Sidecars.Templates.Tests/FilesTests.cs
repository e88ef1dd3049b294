using System.Text.RegularExpressions;

namespace Sidecars.Templates.Tests;

/// <summary>The files of every project, before anything was built in it.</summary>
[Trait("Category", "Packages")]
public sealed partial class FilesTests
{
    private static readonly string[] s_ofTheTemplate =
        ["#if", "#else", "#endif", "Company.", "src/PROJECT", "churn-service", "_VERSION", "PREDICTOR_PROTOCOL", "CALLER_PROTOCOL", "MODEL_FORMAT"];

    public static TheoryData<string> Names => Made.Names(_ => true);

    public static TheoryData<string> Compiled => Made.Names(p => p.Options.ContainsKey("protocol") && p.Protocol != "v1");

    [Theory]
    [MemberData(nameof(Names))]
    public void New_OptionsGiven_FilesAreThoseOfTheOptions(string name)
    {
        Project project = Made.Named(name);

        Files(project).Should().BeEquivalentTo(Expected(project));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void New_OptionsGiven_NothingOfTheTemplateIsLeft(string name)
    {
        Project project = Made.Named(name);

        foreach (string file in Files(project))
        {
            project.Read(file).Should().NotContainAny(s_ofTheTemplate, file);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void New_Readme_SpeaksOfWhatIsThere(string name)
    {
        Project project = Made.Named(name);

        string readme = project.Read("README.md");

        string folder = name.Contains(' ', StringComparison.Ordinal) ? $"'src/{name}'" : "src/" + name;
        readme.Should().StartWith($"# {name}\n").And.Contain($"dotnet run --project {folder}\n");
        readme.Contains("dotnet test", StringComparison.Ordinal).Should().Be(project.Is("tests"));
        readme.Contains("docker build", StringComparison.Ordinal).Should().Be(project.Is("dockerfile"));
        readme.Contains(":explain", StringComparison.Ordinal).Should().Be(project.Explains);
        readme.Should().NotContain("\n\n\n");
        readme.Split('\n').Length.Should().BeLessThan(60, "it is one screen");
        project.Read("requests.http").Should().Contain($"/v1/models/{project.Service}:predict\n");
        project.Read("requests.http").Contains(":explain", StringComparison.Ordinal).Should().Be(project.Explains);
    }

    /// <summary>So an image that was asked with each protocol speaks for those of the other projects.</summary>
    [Theory]
    [MemberData(nameof(Compiled))]
    public void New_OtherProtocol_ChangesNoMoreOfTheProgramThanASetting(string name)
    {
        Project project = Made.Named(name), first = Made.Named(name.Replace("." + project.Protocol, ".v1", StringComparison.Ordinal));
        Dictionary<string, string> own = Program(project), other = Program(first);

        own.Keys.Should().BeEquivalentTo(other.Keys);
        own.Keys.Where(file => own[file] != other[file]).Should().BeEmpty();
    }

    /// <summary>The files of the program, without its names and its protocol.</summary>
    private static Dictionary<string, string> Program(Project project)
    {
        string Anonymous(string text) => RootNamespace().Replace(text, "")
            .Replace(project.Name, "NAME", StringComparison.Ordinal).Replace(project.Name.Replace('-', '_'), "NAME", StringComparison.Ordinal)
            .Replace(project.Service, "SERVICE", StringComparison.Ordinal).Replace($"\"{project.Protocol}\"", "PROTOCOL", StringComparison.Ordinal);
        return Files(project).Where(f => f.StartsWith("src/", StringComparison.Ordinal)).ToDictionary(Anonymous, f => Anonymous(project.Read(f)));
    }

    /// <summary>What is in the folder but for what restore and build put there.</summary>
    private static IEnumerable<string> Files(Project project) => Directory.EnumerateFiles(project.Folder, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(project.Folder, f))
        .Where(f => !f.Split('/').Any(part => part is "bin" or "obj"));

    private static IEnumerable<string> Expected(Project project)
    {
        string source = $"src/{project.Name}/", tests = $"tests/{project.Name}.Tests/";
        return
        [
            ".gitignore", "Directory.Build.props", "README.md", "inferenceservice.yaml", "requests.http", $"{project.Name}.slnx",
            $"{source}{project.Name}.csproj", $"{source}Program.cs", $"{source}appsettings.json",
            .. If(project.Is("dockerfile"), "Dockerfile", ".dockerignore"),
            .. If(project.Is("tests"), $"{tests}{project.Name}.Tests.csproj"),
            .. If(project.Is("tests"), project.IsTransformer ? $"{tests}ChurnModelTests.cs" : $"{tests}ExplainerTests.cs"),
            .. If(project.Explains, $"{source}model/explainer.json", $"{source}model/customers.csv"),
            .. If(!project.IsTransformer, $"{source}model/model.onnx"),
            .. If(project.IsTransformer, $"{source}model/scaler.json", $"{source}ChurnFeatures.cs", $"{source}ChurnModel.cs"),
            .. If(project.IsTransformer, $"{source}ChurnPredictor.cs", $"{source}Probabilities.cs", $"{source}Scaler.cs"),
            .. If(project.IsTransformer && !project.Is("typed"), $"{source}Customers.cs"),
            .. If(project.IsTransformer && project.Is("typed"), $"{source}Customer.cs", $"{source}ChurnAnswer.cs", $"{source}ChurnJson.cs"),
        ];
    }

    [GeneratedRegex(" *<RootNamespace>.*\n")]
    private static partial Regex RootNamespace();

    private static string[] If(bool condition, params string[] files) => condition ? files : [];
}
