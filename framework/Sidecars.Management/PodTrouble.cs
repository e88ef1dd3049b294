namespace Sidecars.Management;

/// <summary>What keeps a pod from being ready.</summary>
/// <param name="Pod">The pod's name.</param>
/// <param name="Container">The container; null when it is the pod itself, such as one that cannot be placed.</param>
/// <param name="Reason">A word for it: <c>ImagePullBackOff</c>, <c>CrashLoopBackOff</c>, <c>OOMKilled</c>, <c>Unschedulable</c>, …</param>
/// <param name="Message">A sentence for it; null when there is none.</param>
/// <param name="LogTail">The last lines the container wrote; empty when it wrote none or they were not asked for.</param>
public sealed record PodTrouble(string Pod, string? Container, string Reason, string? Message, IReadOnlyList<string> LogTail)
{
    /// <summary>The trouble on a line, the log below it.</summary>
    public override string ToString() =>
        $"pod {Pod}{(Container is null ? "" : $", container {Container}")}: {Reason}{(string.IsNullOrEmpty(Message) ? "" : $": {Message}")}\n"
        + string.Concat(LogTail.Select(static l => $"    {l}\n"));
}
