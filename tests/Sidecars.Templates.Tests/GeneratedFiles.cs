namespace Sidecars.Templates.Tests;

/// <summary>What a template left in a folder.</summary>
internal static class GeneratedFiles
{
    private static readonly string[] s_left =
        ["#if", "#endif", "Company.", "churn-service", "_VERSION", "PREDICTOR_PROTOCOL", "CALLER_PROTOCOL", "MODEL_FORMAT"];

    /// <summary>The program that <c>dotnet build</c> made.</summary>
    public static string Program(string folder, string name) => Path.Combine(folder, "src", name, "bin", "Debug", "net10.0", name + ".dll");

    public static string Read(string folder, string file) => File.ReadAllText(Path.Combine(folder, file));

    /// <summary>Checks that nothing of the template is left, and that parts nobody wanted are absent.</summary>
    public static void Check(string folder, string service, bool tests, bool dockerfile)
    {
        foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/bin/", StringComparison.Ordinal) && !f.Contains("/obj/", StringComparison.Ordinal)))
        {
            string text = File.ReadAllText(file);
            text.Should().NotContainAny(s_left, file);
        }

        Read(folder, "inferenceservice.yaml").Should().Contain($"  name: {service}\n");
        Read(folder, "requests.http").Should().Contain($"/v1/models/{service}:");
        Read(folder, "README.md").Should().Contain("dotnet run");
        Directory.Exists(Path.Combine(folder, "tests")).Should().Be(tests);
        File.Exists(Path.Combine(folder, "Dockerfile")).Should().Be(dockerfile);
        File.Exists(Path.Combine(folder, ".dockerignore")).Should().Be(dockerfile);
    }
}
