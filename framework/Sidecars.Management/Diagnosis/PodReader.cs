using k8s.Models;

namespace Sidecars.Management.Diagnosis;

/// <summary>A pod's status → what keeps it from being ready, and whose log would tell more.</summary>
internal static class PodReader
{
    /// <summary>One thing that is wrong.</summary>
    /// <param name="Container">The container; null for the pod itself.</param>
    /// <param name="Reason">A word.</param>
    /// <param name="Message">A sentence, if any.</param>
    /// <param name="HasLog">Whether its log tells more.</param>
    /// <param name="Previous">Whether that is the log of the run before.</param>
    internal readonly record struct Finding(string? Container, string Reason, string? Message, bool HasLog, bool Previous);

    public static IEnumerable<Finding> Read(V1Pod pod)
    {
        V1PodStatus? status = pod.Status;
        bool any = false;
        foreach (V1ContainerStatus container in status?.InitContainerStatuses ?? [])
        {
            if ((Of(container) ?? OfUnfinished(container, pod)) is { } finding)
            {
                any = true;
                yield return finding;
            }
        }

        foreach (V1ContainerStatus container in status?.ContainerStatuses ?? [])
        {
            if ((Of(container) ?? OfUnready(container)) is { } finding)
            {
                any = true;
                yield return finding;
            }
        }

        if (status?.Phase == "Failed" && !string.IsNullOrEmpty(status.Reason))
        {
            // Evicted and the like: its containers only say that they were ended.
            yield return new(null, status.Reason, status.Message, false, false);
            yield break;
        }

        if (any)
        {
            yield break;
        }

        // No container says anything: then the pod itself does.
        if (status?.Conditions?.FirstOrDefault(c => c.Type == "PodScheduled" && c.Status == "False") is { } place)
        {
            yield return new(null, place.Reason ?? "Unschedulable", place.Message, false, false);
        }
        else if (status?.Phase == "Failed")
        {
            yield return new(null, "Failed", status.Message, false, false);
        }
    }

    private static Finding? Of(V1ContainerStatus container)
    {
        V1ContainerStateTerminated? ended = container.State?.Terminated ?? container.LastState?.Terminated;
        if (container.State?.Waiting is { } waiting && waiting.Reason is not ("PodInitializing" or "ContainerCreating"))
        {
            // A container that waits to be started again: its last run tells why.
            return new(container.Name, waiting.Reason ?? "Waiting", WithExit(waiting.Message, ended), ended is not null, ended is not null);
        }

        if (container.State?.Terminated is { ExitCode: not 0 } failed)
        {
            return new(container.Name, failed.Reason ?? "Error", WithExit(failed.Message, failed), true, false);
        }

        return container.State?.Running is not null && !container.Ready && ended is { ExitCode: not 0 }
            ? new(container.Name, "Restarted", WithExit($"{container.RestartCount} restarts", ended), true, true)
            : null;
    }

    private static Finding? OfUnready(V1ContainerStatus container) => container.State?.Running is null || container.Ready
        ? null
        : new(container.Name, "NotReady", container.Started == false
            ? "it runs, but its startup probe has not passed yet"
            : "it runs, but its readiness probe fails", true, false);

    /// <summary>One that prepares is never ready while it works; the pod waits for it to end. One that stays is as others are.</summary>
    private static Finding? OfUnfinished(V1ContainerStatus container, V1Pod pod) =>
        pod.Spec?.InitContainers?.FirstOrDefault(c => c.Name == container.Name)?.RestartPolicy == "Always" ? OfUnready(container)
        : container.State?.Running is not null
            ? new(container.Name, "Initializing", "it still runs, and the pod's containers start when it has ended", true, false)
            : null;

    private static string? WithExit(string? message, V1ContainerStateTerminated? ended) => ended is null
        ? message
        : $"{(string.IsNullOrEmpty(message) ? "" : message + "; ")}exit code {ended.ExitCode}"
            + (ended.Reason is null or "Error" or "Completed" ? "" : $" ({ended.Reason})")
            + (string.IsNullOrWhiteSpace(ended.Message) ? "" : $": {ended.Message.Trim()}");
}
