using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Management;
using Sidecars.Management.Tests.Manifest;
using Sidecars.Management.Yaml;

namespace Sidecars.Templates.Tests;

/// <summary>The InferenceService of every project: KServe's own schema, what the schema cannot say, and what is served.</summary>
[Trait("Category", "Packages")]
public sealed class ManifestTests
{
    public static TheoryData<string> Names => Made.Names(_ => true);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Manifest_AgainstTheCustomResourceDefinition_IsValid(string name)
    {
        CustomResourceSchema.File.Should().NotBeNull("KServe's custom resource definition is needed; KSERVE_CRD names its file");

        (await CustomResourceSchema.ValidateAsync(Document(name).ToJsonString())).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Manifest_RulesBeyondTheSchema_AreKept(string name) => ManifestRules.Check(Service(name)).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Names))]
    public void Manifest_NamesPortsAndProtocols_AreThoseOfTheProject(string name)
    {
        Project project = Made.Named(name);
        InferenceService service = Service(name);

        service.Metadata.Name.Should().Be(project.Service);
        ContainerSpec own = (project.IsTransformer ? (ComponentSpec)service.Spec.Transformer! : service.Spec.Explainer!).Containers!.Single();
        own.Image.Should().Be(project.Service + ":0.1.0");
        own.Ports!.Single().ContainerPort.Should().Be(8080);
        own.Additional!["readinessProbe"].GetProperty("httpGet").GetProperty("path").GetString().Should().Be($"/v2/models/{project.Service}/ready");
        JsonElement security = own.Additional["securityContext"];
        security.GetProperty("runAsUser").GetInt64().Should().Be(1654);
        security.GetProperty("readOnlyRootFilesystem").GetBoolean().Should().BeTrue();

        // What the predictor is deployed with is what it is asked in, by the program's own settings too.
        service.Spec.Predictor!.Model!.ProtocolVersion.Should().Be(project.Protocol);
        if (project.IsTransformer)
        {
            own.Args.Should().Equal($"--predictor_protocol={project.Protocol}");
            own.Env.Should().ContainSingle(e => e.Name == "PROTOCOL").Which.Value.Should().Be(project.Protocol == "v1" ? "v1" : "v2");
            using JsonDocument settings = JsonDocument.Parse(project.Read($"src/{name}/appsettings.json"));
            settings.RootElement.GetProperty("Sidecar").GetProperty("predictor_protocol").GetString().Should().Be(project.Protocol);
        }
    }

    private static JsonNode Document(string name) => YamlReader.Read(Made.Named(name).Read("inferenceservice.yaml")).Single();

    private static InferenceService Service(string name) => InferenceService.Parse(Document(name).ToJsonString());
}
