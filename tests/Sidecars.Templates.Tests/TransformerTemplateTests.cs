using System.Net;
using System.Text.Json;
using Samples.Shared;

namespace Sidecars.Templates.Tests;

/// <summary>Projects of <c>dotnet new kserve-transformer</c>: every pair of options' values is among the combinations.</summary>
[Collection(PackagesCollection.Name)]
[Trait("Category", "Packages")]
public sealed class TransformerTemplateTests(PackedSolution solution)
{
    private const string Customers =
        """{"instances":[{"age":22,"tenure_days":30,"monthly_spend":10,"support_tickets":8,"last_login_days":90},{"age":60,"tenure_days":2400,"monthly_spend":140,"support_tickets":0,"last_login_days":1}]}""";

    [Theory]
    [InlineData("Acme.Churn", "acme-churn", "v1", false, false, false, true, true)]
    [InlineData("Everything", "everything", "v1", true, true, true, false, false)]
    [InlineData("two-words", "two-words", "v2", false, true, true, true, true)]
    [InlineData("Typed_V2", "typed-v2", "v2", true, false, false, false, false)]
    [InlineData("Acme.Grpc", "acme-grpc", "grpc-v2", true, false, true, true, false)]
    [InlineData("9Lives", "m-9lives", "grpc-v2", false, true, false, false, true)]
    [InlineData("Acme.Why", "acme-why", "v1", true, true, false, false, true)]
    [InlineData("Native", "native", "v1", false, false, true, true, false)]
    public async Task New_WithOptions_BuildsPassesItsTestsAndAnswers(
        string name, string service, string protocol, bool typed, bool explain, bool aot, bool tests, bool dockerfile)
    {
        string folder = await solution.CreateAsync(
            "kserve-transformer", name, "--protocol", protocol, Option("typed", typed), Option("explain", explain), Option("aot", aot),
            Option("tests", tests), Option("dockerfile", dockerfile));

        GeneratedFiles.Check(folder, service, tests, dockerfile);
        GeneratedFiles.Read(folder, "inferenceservice.yaml").Should().Contain($"--predictor_protocol={protocol}\n");

        await using SampleProcess process = await SampleProcess.StartAsync(GeneratedFiles.Program(folder, name));
        (HttpStatusCode status, string text) = await process.PostAsync($"/v1/models/{service}:predict", Customers);
        status.Should().Be(HttpStatusCode.OK, text);
        using JsonDocument answer = JsonDocument.Parse(text);
        answer.RootElement.GetProperty("predictions").EnumerateArray().Select(p => p.GetProperty("risk_tier").GetString())
            .Should().Equal("HIGH", "LOW");

        (status, text) = await process.PostAsync($"/v1/models/{service}:explain", Customers);
        status.Should().Be(explain ? HttpStatusCode.OK : HttpStatusCode.NotImplemented, text);
    }

    private static string Option(string name, bool value) => $"--{name}={(value ? "true" : "false")}";
}
