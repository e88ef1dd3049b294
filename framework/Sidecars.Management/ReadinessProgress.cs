namespace Sidecars.Management;

/// <summary>How far a service is, while it is waited for.</summary>
/// <param name="Service">The service as it is now.</param>
/// <param name="Elapsed">How long it has been waited for.</param>
public sealed record ReadinessProgress(InferenceService Service, TimeSpan Elapsed)
{
    /// <summary>The conditions that do not hold yet and that readiness depends on.</summary>
    public IReadOnlyList<ServiceCondition> Open =>
        [.. (Service.Status?.Conditions ?? []).Where(c => !c.IsTrue && c.Type != "Ready" && c.Severity != "Info")];

    /// <summary>The state on one line.</summary>
    public override string ToString()
    {
        if (Service.IsReady)
        {
            return "ready" + (Service.Status?.Url is { } url ? $" at {url}" : "");
        }

        if (Service.Status?.Conditions is not { Count: > 0 })
        {
            return "not reported on yet";
        }

        if (Service.Status.ObservedGeneration < Service.Metadata.Generation)
        {
            return "the newest spec has not been looked at yet";
        }

        string open = string.Join("; ", Open.Count > 0 ? Open : [.. Service.Status.Conditions.Where(c => !c.IsTrue)]);
        string? transition = Service.Status.ModelStatus?.TransitionStatus;
        return "not ready: " + open + (transition is null or "" or "UpToDate" ? "" : $"; model {transition}");
    }
}
