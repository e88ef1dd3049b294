using Sidecars.Management.Manifest;

namespace Sidecars.Management.Rollout;

/// <summary>Standard mode: a second predictor in <c>spec.canary</c>, with its own Deployment and a share of the traffic.</summary>
internal sealed class StandardRollout(CanaryChange change) : IRollout
{
    /// <summary>How a canary scales is not its own to say; KServe refuses these fields in it.</summary>
    private static readonly string[] s_stableOnly = ["autoScaling", "workerSpec"];

    public void Start(InferenceService service, int percent)
    {
        Rollouts.CheckPercent(service, percent);
        PredictorSpec stable = Stable(service);
        service.Spec.Canary ??= [];
        CanarySpec? canary = Find(service);
        if (canary is null && !change.IsChange)
        {
            throw Rollouts.Refuse(service, $"it has no canary '{change.Name}' whose share could change. Say what is new: an image or a storageUri.");
        }

        int others = service.Spec.Canary.Where(c => c != canary).Sum(c => c.TrafficPercent ?? 0);
        if (others + percent > 100)
        {
            throw Rollouts.Refuse(service, $"its other canaries take {others} %, which leaves no {percent} % for '{change.Name}'.");
        }

        if (canary is null)
        {
            canary = new CanarySpec { Predictor = CopyOf(stable) };
            service.Spec.Canary.Add(canary);
        }

        ComponentChanges.Apply(service, canary.Predictor!, change);
        canary.TrafficPercent = percent;

        // KServe takes spec.canary only with the annotation, whatever the cluster's default is.
        service.DeploymentMode = DeploymentMode.Standard;
    }

    public void Promote(InferenceService service, bool force)
    {
        PredictorSpec stable = Stable(service);
        CanarySpec canary = Require(service);
        if (!force && service.Status?.CanaryStatuses?.FirstOrDefault(c => c.Name == change.Name) is not { Ready: true })
        {
            throw Rollouts.Refuse(service, $"its canary '{change.Name}' is not ready. Promote with force to do so all the same.");
        }

        if (!force)
        {
            Rollouts.CheckSeen(service);
        }

        // The canary's version with the stable one's name and scaling.
        PredictorSpec promoted = ManifestJson.Copy(canary.Predictor!);
        promoted.Name = stable.Name;
        promoted.MinReplicas = stable.MinReplicas;
        promoted.MaxReplicas = stable.MaxReplicas;
        promoted.ScaleTarget = stable.ScaleTarget;
        promoted.ScaleMetric = stable.ScaleMetric;
        promoted.ScaleMetricType = stable.ScaleMetricType;
        if (promoted.Model is not null)
        {
            promoted.Model.Name = stable.Model?.Name;
        }

        foreach (string field in s_stableOnly)
        {
            if (stable.Additional?.TryGetValue(field, out System.Text.Json.JsonElement value) == true)
            {
                (promoted.Additional ??= new Dictionary<string, System.Text.Json.JsonElement>())[field] = value;
            }
        }

        service.Spec.Predictor = promoted;
        Remove(service, canary);
    }

    public void RollBack(InferenceService service) => Remove(service, Require(service));

    private static void Remove(InferenceService service, CanarySpec canary)
    {
        service.Spec.Canary!.Remove(canary);
        if (service.Spec.Canary.Count == 0)
        {
            service.Spec.Canary = null;
        }
    }

    private PredictorSpec CopyOf(PredictorSpec stable)
    {
        PredictorSpec copy = ManifestJson.Copy(stable);
        copy.Name = change.Name;
        copy.MaxReplicas = null;
        copy.ScaleTarget = null;
        copy.ScaleMetric = null;
        copy.ScaleMetricType = null;
        copy.CanaryTrafficPercent = null;
        foreach (string field in s_stableOnly)
        {
            copy.Set(field, null);
        }

        ComponentChanges.NameModel(copy);
        return copy;
    }

    private PredictorSpec Stable(InferenceService service)
    {
        if (change.Component != "predictor")
        {
            throw Rollouts.Refuse(service, $"Standard mode has canaries of the predictor only, not of the {change.Component}.");
        }

        return service.Spec.Predictor ?? throw Rollouts.Refuse(service, "it has no predictor.");
    }

    private CanarySpec? Find(InferenceService service) =>
        service.Spec.Canary?.FirstOrDefault(c => c.Predictor?.Name == change.Name);

    private CanarySpec Require(InferenceService service) =>
        Find(service) ?? throw Rollouts.Refuse(service, $"it has no canary '{change.Name}'.");
}
