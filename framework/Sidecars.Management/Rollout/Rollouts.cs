namespace Sidecars.Management.Rollout;

/// <summary>Chooses the way by the service's deployment mode.</summary>
internal static class Rollouts
{
    public static IRollout For(InferenceService service, CanaryChange change) => (change.Mode ?? service.DeploymentMode) switch
    {
        DeploymentMode.Knative => new KnativeRollout(change),
        DeploymentMode.Standard => new StandardRollout(change),
        DeploymentMode.ModelMesh => throw Refuse(service, "ModelMesh has no canaries."),

        // Guessing would be dangerous: Standard mode ignores canaryTrafficPercent, so that the new version would get everything.
        _ => throw Refuse(
            service,
            "neither its annotation serving.kserve.io/deploymentMode nor its status says whether it runs in Knative or Standard mode. Say so."),
    };

    public static KServeException Refuse(InferenceService service, string why) =>
        new(KServeError.Invalid, $"InferenceService '{service.Metadata.Name}': {why}");

    /// <summary>Whether the status was written before the newest spec: what it calls ready is then the version before.</summary>
    public static void CheckSeen(InferenceService service)
    {
        if (service.Status?.ObservedGeneration < service.Metadata.Generation)
        {
            throw Refuse(service, "its newest spec has not been looked at yet. Wait until it is, or promote with force.");
        }
    }

    public static void CheckPercent(InferenceService service, int percent)
    {
        if (percent is < 0 or > 100)
        {
            throw Refuse(service, $"a canary's share is 0 to 100 percent, not {percent}.");
        }
    }
}
