using System.Text.Json.Nodes;
using Sidecars.Management.Tests.Client;

namespace Sidecars.Management.Tests.Manifest;

public sealed class InferenceServiceTests
{
    private const string Yaml = """
        apiVersion: serving.kserve.io/v1beta1
        kind: InferenceService
        metadata:
          name: churn
          annotations:
            serving.kserve.io/deploymentMode: RawDeployment
        spec:
          predictor:
            minReplicas: 0
            scaleMetric: rps
            tolerations:
            - key: gpu
              operator: Exists
            sklearn:
              storageUri: s3://models/churn
          explainer:
            timeout: 30
            containers:
            - name: kserve-container
              image: acme/explainer:1
              livenessProbe:
                httpGet: {path: /, port: 8080}
              resources:
                limits: {cpu: 2, memory: 2Gi}
        """;

    [Fact]
    public void Parse_Yaml_FillsThePropertiesAndKeepsTheRest()
    {
        InferenceService service = InferenceService.Parse(Yaml);

        service.DeploymentMode.Should().Be(DeploymentMode.Standard);
        service.Spec.Predictor!.MinReplicas.Should().Be(0);
        service.Spec.Predictor.Additional!.Keys.Should().BeEquivalentTo("tolerations", "sklearn");
        service.Spec.Explainer!.Timeout.Should().Be(30);
        service.Spec.Explainer.Containers![0].Resources!.Limits.Should().Contain("cpu", "2").And.Contain("memory", "2Gi");
        service.Spec.Explainer.Containers[0].Additional!.Keys.Should().Equal("livenessProbe");
    }

    [Fact]
    public void ToYaml_ParsedText_SaysTheSame()
    {
        InferenceService service = InferenceService.Parse(Yaml);

        InferenceService again = InferenceService.Parse(service.ToYaml());

        JsonNode.DeepEquals(JsonNode.Parse(again.ToJson()), JsonNode.Parse(service.ToJson())).Should().BeTrue(service.ToYaml());
        service.ToYaml().Should().StartWith("apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata:\n");
    }

    [Fact]
    public void ToYaml_WhatIsNotSet_IsNotWritten() =>
        new InferenceService { Metadata = { Name = "x" } }.ToYaml().Should().Be(
            "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata:\n  name: x\nspec: {}\n");

    [Fact]
    public void Set_FieldWithoutAProperty_IsWrittenAndTakenAway()
    {
        InferenceService service = Services.Churn();
        service.Spec.Predictor!.Set("nodeSelector", new JsonObject { ["disk"] = "ssd" });
        service.ToYaml().Should().Contain("    nodeSelector:\n      disk: ssd\n");

        service.Spec.Predictor.Set("nodeSelector", null);
        service.ToYaml().Should().NotContain("nodeSelector");
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: Service", "*kind 'Service'*")]
    [InlineData("apiVersion: serving.kserve.io/v1alpha2\nkind: InferenceService", "*v1alpha2*")]
    [InlineData("[1]", "*is an object*")]
    [InlineData("apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nspec: {predictor: {minReplicas: many}}", "*minReplicas*")]
    [InlineData("", "*One InferenceService was expected; the text holds 0*")]
    public void Parse_SomethingElse_SaysWhat(string text, string message) =>
        FluentActions.Invoking(() => InferenceService.Parse(text)).Should().Throw<FormatException>().WithMessage(message);

    [Fact]
    public void ParseAll_ListAndDocuments_GivesAll()
    {
        string one = Services.Churn("a").ToYaml(), two = Services.Churn("b").ToJson();
        string list = $$"""{"apiVersion":"v1","kind":"List","items":[{{two}},{{Services.Churn("c").ToJson()}}]}""";

        InferenceService.ParseAll($"{one}---\n{list}").Select(s => s.Metadata.Name).Should().Equal("a", "b", "c");
    }

    [Theory]
    [InlineData("True", 2, 2, true)]
    [InlineData("True", 1, 2, false)]
    [InlineData("True", null, 2, true)]
    [InlineData("False", 2, 2, false)]
    [InlineData("Unknown", 2, 2, false)]
    public void IsReady_ConditionAndGeneration_BothCount(string status, int? observed, int generation, bool ready)
    {
        var service = new InferenceService
        {
            Metadata = { Generation = generation },
            Status = new() { ObservedGeneration = observed, Conditions = [new() { Type = "Ready", Status = status }] },
        };

        service.IsReady.Should().Be(ready);
    }
}
