namespace Sidecars.Management.Tests.Docs;

/// <summary>The program of docs/management.md, compiled and run.</summary>
internal static class Example
{
    public static async Task RunAsync(KServeClient client, IProgress<ReadinessProgress> progress)
    {
        // begin
        var service = new InferenceService
        {
            Metadata = { Name = "churn" },
            DeploymentMode = DeploymentMode.Knative,
            Spec = new()
            {
                Predictor = new() { Model = new() { ModelFormat = new() { Name = "sklearn" }, StorageUri = "s3://models/churn/1" } },
                Transformer = new() { Containers = [new() { Name = "kserve-container", Image = "acme/churn:1" }], MinReplicas = 1 },
            },
        };
        await client.ApplyAsync(service);
        await client.WaitUntilReadyAsync("churn", timeout: TimeSpan.FromMinutes(5), progress: progress);

        await client.CanaryAsync("churn", 10, new() { StorageUri = "s3://models/churn/2" });
        await client.WaitUntilReadyAsync("churn", progress: progress);
        await client.PromoteAsync("churn");
        // end
    }
}
