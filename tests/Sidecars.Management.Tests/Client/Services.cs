using System.Text.Json.Nodes;

namespace Sidecars.Management.Tests.Client;

/// <summary>Services and statuses for the tests.</summary>
internal static class Services
{
    public static InferenceService Churn(string name = "churn") => new()
    {
        Metadata = { Name = name },
        DeploymentMode = DeploymentMode.Knative,
        Spec = new()
        {
            Predictor = new()
            {
                MinReplicas = 1,
                Model = new() { ModelFormat = new() { Name = "sklearn" }, StorageUri = "s3://models/churn/1", ProtocolVersion = "v2" },
            },
            Transformer = new()
            {
                Containers = [new() { Name = "kserve-container", Image = "acme/churn:1", Args = ["--predictor_protocol=v2"] }],
            },
        },
    };

    public static JsonObject Ready(long generation = 1) => Status(generation,
        ("PredictorReady", "True", null, null), ("TransformerReady", "True", null, null), ("IngressReady", "True", null, null), ("Ready", "True", null, null));

    public static JsonObject Waiting(long generation = 1) => Status(generation,
        ("PredictorReady", "False", "RevisionMissing", "Configuration has no revision"),
        ("TransformerReady", "True", null, null),
        ("Ready", "False", "RevisionMissing", null));

    public static JsonObject Status(long generation, params (string Type, string Status, string? Reason, string? Message)[] conditions)
    {
        var list = new JsonArray();
        foreach ((string type, string status, string? reason, string? message) in conditions)
        {
            var condition = new JsonObject { ["type"] = type, ["status"] = status };
            if (reason is not null)
            {
                condition["reason"] = reason;
            }

            if (message is not null)
            {
                condition["message"] = message;
            }

            list.Add(condition);
        }

        return new JsonObject
        {
            ["observedGeneration"] = generation,
            ["url"] = "http://churn.team.example.com",
            ["conditions"] = list,
        };
    }

    /// <summary>Awaits an error of the client's.</summary>
    public static async Task<KServeException> Fails(Func<Task> act, KServeError error)
    {
        KServeException e = (await act.Should().ThrowAsync<KServeException>()).Which;
        e.Error.Should().Be(error, e.Message);
        return e;
    }
}
