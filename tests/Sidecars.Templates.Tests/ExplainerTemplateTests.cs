using System.Net;
using System.Text.Json;
using Samples.Shared;

namespace Sidecars.Templates.Tests;

/// <summary>Projects of <c>dotnet new kserve-explainer</c>: every pair of options' values is among the combinations.</summary>
[Collection(PackagesCollection.Name)]
[Trait("Category", "Packages")]
public sealed class ExplainerTemplateTests(PackedSolution solution)
{
    [Theory]
    [InlineData("Acme.Explainer", "acme-explainer", false, true, true)]
    [InlineData("Bare", "bare", false, false, false)]
    [InlineData("Native.Explainer", "native-explainer", true, true, false)]
    [InlineData("Why", "why", true, false, true)]
    public async Task New_WithOptions_BuildsPassesItsTestsAndAnswers(string name, string service, bool aot, bool tests, bool dockerfile)
    {
        string folder = await solution.CreateAsync(
            "kserve-explainer", name, $"--aot={aot}", $"--tests={tests}", $"--dockerfile={dockerfile}");

        GeneratedFiles.Check(folder, service, tests, dockerfile);

        await using SampleProcess process = await SampleProcess.StartAsync(GeneratedFiles.Program(folder, name));
        (HttpStatusCode status, string text) = await process.PostAsync(
            $"/v1/models/{service}:explain", """{"instances":[[34,90,19.99,6,45]]}""");
        status.Should().Be(HttpStatusCode.OK, text);
        using JsonDocument answer = JsonDocument.Parse(text);
        answer.RootElement.GetProperty("data").GetProperty("status").GetString().Should().Be("met");
    }
}
