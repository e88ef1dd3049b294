namespace Sidecars.Management.Tests.Manifest;

public sealed class ManifestRulesTests
{
    private const string Good = """
        apiVersion: serving.kserve.io/v1beta1
        kind: InferenceService
        metadata: {name: churn}
        spec:
          predictor:
            model: {modelFormat: {name: sklearn}, storageUri: s3://m}
            nodeSelector: {gpu: "yes"}
          transformer:
            containers:
            - {name: kserve-container, image: acme/churn:1}
            - {name: helper, image: acme/helper:1}
          explainer:
            containers: [{name: kserve-container, image: acme/why:1}]
        """;

    [Fact]
    public void Check_GoodManifest_FindsNothing() => ManifestRules.Check(InferenceService.Parse(Good)).Should().BeEmpty();

    [Theory]
    [InlineData("{name: churn}", "{name: Churn}", "metadata.name: 'Churn' is no name")]
    [InlineData("{name: churn}", "{name: churn, annotations: {serving.kserve.io/deploymentMode: Raw}}", "Knative, Standard or ModelMesh, not 'Raw'")]
    [InlineData("{name: sklearn}", "{version: '1'}", "spec.predictor.model.modelFormat.name: it is required")]
    [InlineData("nodeSelector", "nodeSelectr", "spec.predictor.nodeSelectr: v1beta1 has no such field, and KServe drops it")]
    [InlineData("nodeSelector: {gpu: \"yes\"}", "timeoutSeconds: 3", "the field is called timeout")]
    [InlineData("nodeSelector: {gpu: \"yes\"}", "newModel: {}", "it never existed")]
    [InlineData("nodeSelector: {gpu: \"yes\"}", "sklearn: {storageUri: s3://m}", "exactly one of model")]
    [InlineData("nodeSelector: {gpu: \"yes\"}", "logger: {url: http://sink}", "logger.mode: it is all, request or response, not ''")]
    [InlineData("nodeSelector: {gpu: \"yes\"}", "minReplicas: 3\n    maxReplicas: 2", "minReplicas (3) is more than maxReplicas (2)")]
    [InlineData("nodeSelector: {gpu: \"yes\"}", "minReplicas: -1", "are not negative")]
    [InlineData("nodeSelector: {gpu: \"yes\"}", "scaleMetric: qps", "not 'qps'")]
    [InlineData("nodeSelector: {gpu: \"yes\"}", "canaryTrafficPercent: 101", "it is 0 to 100, not 101")]
    [InlineData("nodeSelector: {gpu: \"yes\"}", "storageUris: []", "an empty list is refused")]
    [InlineData("nodeSelector: {gpu: \"yes\"}", "storageUris: [{uri: s3://a, mountPath: models}]", "mountPath begins with /")]
    [InlineData("nodeSelector: {gpu: \"yes\"}", "containers: [{image: a}]", "spec.predictor.containers[0].name: it is required")]
    [InlineData("nodeSelector: {gpu: \"yes\"}", "containers: [{name: transformer-container, env: [{name: STORAGE_URI, value: a}]}]", "STORAGE_URI is refused")]
    [InlineData("{name: kserve-container, image: acme/churn:1}", "{name: user-container, image: a}", "it is to be kserve-container, not 'user-container'")]
    [InlineData("{name: helper, image: acme/helper:1}", "{name: helper, env: [{name: PYTHONPATH, value: a}]}", "spec.transformer.containers[1].env: KServe refuses PYTHONPATH")]
    [InlineData("containers: [{name: kserve-container, image: acme/why:1}]", "alibi: {type: AnchorTabular}", "removed in KServe 0.13")]
    [InlineData("containers: [{name: kserve-container, image: acme/why:1}]", "timeout: 3", "spec.explainer: exactly one implementation is needed: containers or art")]
    public void Check_OneThingWrong_NamesIt(string from, string to, string finding)
    {
        string yaml = Good.Replace(from, to, StringComparison.Ordinal);
        yaml.Should().NotBe(Good);

        ManifestRules.Check(InferenceService.Parse(yaml)).Should().Contain(f => f.Contains(finding, StringComparison.Ordinal));
    }

    [Fact]
    public void Check_NoPredictor_SaysThatItIsRequired() =>
        ManifestRules.Check(new InferenceService { Metadata = { Name = "a" } }).Should().Equal("spec.predictor: it is required.");

    [Fact]
    public void Check_CanaryShareInStandardMode_SaysThatItIsIgnored()
    {
        InferenceService service = InferenceService.Parse(Good);
        service.DeploymentMode = DeploymentMode.Standard;
        service.Spec.Transformer!.CanaryTrafficPercent = 10;

        ManifestRules.Check(service).Should().Equal("spec.transformer.canaryTrafficPercent: Standard mode ignores it; use spec.canary.");
    }

    [Fact]
    public void Check_TwoPortsInKnativeMode_SaysThatOneIsAllowed()
    {
        InferenceService service = InferenceService.Parse(Good);
        service.DeploymentMode = DeploymentMode.Knative;
        service.Spec.Transformer!.Containers![0].Ports = [new() { ContainerPort = 8080 }, new() { ContainerPort = 8081, Name = "h2c" }];

        ManifestRules.Check(service).Should().Equal("spec.transformer.containers[0].ports: Knative allows one port.");
    }

    [Fact]
    public void Check_CanariesOfStandardMode_AreHeldToTheirRules()
    {
        InferenceService service = InferenceService.Parse(Good);
        service.Spec.Canary =
        [
            new() { TrafficPercent = 60, Predictor = new() { Name = "b", MaxReplicas = 3, Model = new() { ModelFormat = new() { Name = "sklearn" } } } },
            new() { TrafficPercent = 60, Predictor = new() { Name = "b", MinReplicas = 2, Model = new() { Name = "kserve-container", ModelFormat = new() { Name = "sklearn" } } } },
        ];

        ManifestRules.Check(service).Should().SatisfyRespectively(
            f => f.Should().Contain("needs the annotation"),
            f => f.Should().Contain("together they are at most 100"),
            f => f.Should().Contain("no two the same"),
            f => f.Should().StartWith("spec.canary[0].predictor: a canary has no maxReplicas"),
            f => f.Should().StartWith("spec.canary[0].predictor.model.name: it is required in a canary"),
            f => f.Should().StartWith("spec.canary[1].predictor.minReplicas"));
    }
}
