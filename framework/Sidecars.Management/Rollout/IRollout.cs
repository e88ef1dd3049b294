namespace Sidecars.Management.Rollout;

/// <summary>A way of bringing a new version out step by step, as changes of the manifest.</summary>
internal interface IRollout
{
    void Start(InferenceService service, int percent);

    void Promote(InferenceService service, bool force);

    void RollBack(InferenceService service);
}
