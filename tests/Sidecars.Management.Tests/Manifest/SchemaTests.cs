using Sidecars.Management.Tests.Client;

namespace Sidecars.Management.Tests.Manifest;

/// <summary>What the package writes, against KServe's own schema.</summary>
public sealed class SchemaTests
{
    [CrdFact]
    public async Task Manifest_EveryPropertySet_IsValid()
    {
        PredictorSpec Full() => new()
        {
            Model = new()
            {
                ModelFormat = new() { Name = "sklearn", Version = "1" },
                ProtocolVersion = "v2",
                Runtime = "kserve-mlserver",
                StorageUri = "s3://models/churn",
                Args = ["--x"],
                Env = [new() { Name = "A", Value = "b" }],
                Resources = new() { Requests = new Dictionary<string, string> { ["cpu"] = "500m" }, Limits = new Dictionary<string, string> { ["memory"] = "2Gi" } },
            },
        };
        ComponentSpec component = new()
        {
            Containers =
            [
                new()
                {
                    Name = "kserve-container",
                    Image = "acme/churn:1",
                    Command = ["/app"],
                    Args = ["--predictor_protocol=v2"],
                    Ports = [new() { Name = "h2c", ContainerPort = 8081, Protocol = "TCP" }],
                },
            ],
            MinReplicas = 0,
            MaxReplicas = 5,
            ScaleTarget = 10,
            ScaleMetric = "rps",
            ScaleMetricType = "AverageValue",
            ContainerConcurrency = 4,
            Timeout = 30,
            CanaryTrafficPercent = 10,
            Logger = new() { Url = "http://sink", Mode = "all" },
            Batcher = new() { MaxBatchSize = 8, MaxLatency = 100, Timeout = 10 },
            StorageUris = [new() { Uri = "s3://x", MountPath = "/mnt/x" }],
            ServiceAccountName = "models",
            Labels = new Dictionary<string, string> { ["a"] = "b" },
            Annotations = new Dictionary<string, string> { ["a"] = "b" },
        };
        PredictorSpec canary = Full();
        canary.Name = "canary";
        canary.Model!.Name = "kserve-container";
        var service = new InferenceService
        {
            Metadata = { Name = "churn" },
            DeploymentMode = DeploymentMode.Standard,
            Spec = new() { Predictor = Full(), Transformer = component, Explainer = component, Canary = [new() { Predictor = canary, TrafficPercent = 5 }] },
            Status = new()
            {
                Url = "http://churn",
                ObservedGeneration = 1,
                DeploymentMode = "Standard",
                Conditions = [new() { Type = "Ready", Status = "True", Reason = "r", Message = "m", Severity = "Info" }],
                Components = new Dictionary<string, ComponentStatus>
                {
                    ["predictor"] = new()
                    {
                        Url = "http://p",
                        LatestCreatedRevision = "a",
                        LatestReadyRevision = "a",
                        LatestRolledoutRevision = "a",
                        PreviousRolledoutRevision = "a",
                        Traffic = [new() { RevisionName = "a", LatestRevision = true, Percent = 100, Tag = "latest" }],
                    },
                },
                ModelStatus = new() { TransitionStatus = "UpToDate", LastFailureInfo = new() { Reason = "ModelLoadFailed", Message = "m", ExitCode = 1 } },
                CanaryStatuses = [new() { Name = "canary", Ready = true, TrafficPercent = 5 }],
            },
        };

        (await CustomResourceSchema.ValidateAsync(service.ToJson())).Should().BeEmpty();
        (await CustomResourceSchema.ValidateAsync(InferenceService.Parse(service.ToYaml()).ToJson())).Should().BeEmpty();
    }

    [CrdFact]
    public async Task Manifest_MistypedField_IsRefused()
    {
        InferenceService service = Services.Churn();
        service.Spec.Predictor!.Set("timeoutSeconds", 3);

        (await CustomResourceSchema.ValidateAsync(service.ToJson())).Should().ContainSingle().Which.Should().Contain("timeoutSeconds");
    }

    [CrdFact]
    public async Task Manifest_WrongMetric_IsRefused()
    {
        InferenceService service = Services.Churn();
        service.Spec.Predictor!.ScaleMetric = "qps";

        (await CustomResourceSchema.ValidateAsync(service.ToJson())).Should().ContainSingle().Which.Should().Contain("scaleMetric");
    }
}
