namespace Sidecars.Management.Rollout;

/// <summary>
/// Knative mode: one spec, and <c>canaryTrafficPercent</c> says how much its newest revision gets. The rest goes to the
/// last revision that had everything.
/// </summary>
internal sealed class KnativeRollout(CanaryChange change) : IRollout
{
    public void Start(InferenceService service, int percent)
    {
        Rollouts.CheckPercent(service, percent);
        ComponentSpec component = Component(service);
        if (change.IsChange)
        {
            if (Status(service)?.LatestRolledoutRevision is null or "")
            {
                throw Rollouts.Refuse(
                    service,
                    $"no revision of its {change.Component} has taken all traffic yet, so there is nothing to fall back on. "
                    + "Wait until it is ready.");
            }

            ComponentChanges.Apply(service, component, change);
        }
        else if (component.CanaryTrafficPercent is null)
        {
            throw Rollouts.Refuse(
                service, $"its {change.Component} has no canary whose share could change. Say what is new: an image or a storageUri.");
        }

        component.CanaryTrafficPercent = percent;
    }

    public void Promote(InferenceService service, bool force)
    {
        ComponentSpec component = Component(service);
        Require(service, component);
        ComponentStatus? status = Status(service);
        if (!force && (status?.LatestReadyRevision is null or "" || status.LatestReadyRevision != status.LatestCreatedRevision))
        {
            throw Rollouts.Refuse(
                service,
                $"revision '{status?.LatestCreatedRevision}' of its {change.Component} is not ready; the ready one is "
                + $"'{status?.LatestReadyRevision}'. Promote with force to do so all the same.");
        }

        if (!force)
        {
            Rollouts.CheckSeen(service);
        }

        component.CanaryTrafficPercent = null;
    }

    public void RollBack(InferenceService service)
    {
        ComponentSpec component = Component(service);
        Require(service, component);
        component.CanaryTrafficPercent = 0;
    }

    private void Require(InferenceService service, ComponentSpec component)
    {
        if (component.CanaryTrafficPercent is null)
        {
            throw Rollouts.Refuse(service, $"its {change.Component} has no canary.");
        }
    }

    private ComponentSpec Component(InferenceService service) => (change.Component switch
    {
        "predictor" => service.Spec.Predictor,
        "transformer" => service.Spec.Transformer,
        "explainer" => service.Spec.Explainer,
        _ => throw Rollouts.Refuse(service, $"there is no component '{change.Component}': it is predictor, transformer or explainer."),
    }) ?? throw Rollouts.Refuse(service, $"it has no {change.Component}.");

    private ComponentStatus? Status(InferenceService service) =>
        service.Status?.Components?.TryGetValue(change.Component, out ComponentStatus? status) == true ? status : null;
}
