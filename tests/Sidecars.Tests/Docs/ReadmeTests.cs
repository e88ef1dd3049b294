namespace Sidecars.Tests.Docs;

public class ReadmeTests
{
    [Fact]
    public async Task Readme_SmallestProgram_IsTheSampleToTheLetter()
    {
        string root = RepositoryRoot();
        string readme = await File.ReadAllTextAsync(Path.Combine(root, "README.md"));
        string program = await File.ReadAllTextAsync(Path.Combine(root, "samples", "Doubler", "Program.cs"));

        readme.Should().Contain("```csharp\n" + program + "```");
    }

    private static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Sidecars.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Sidecars.sln is in no folder above the tests.");
        }

        return folder;
    }
}
