using System.Text;

namespace Sidecars.Management;

/// <summary>Why a service is not ready, from what the cluster knows. <see cref="ToString"/> is a report for people.</summary>
public sealed class NotReadyReason
{
    /// <summary>The service that was looked at.</summary>
    public required InferenceService Service { get; init; }

    /// <summary>The conditions that do not hold.</summary>
    public IReadOnlyList<ServiceCondition> Conditions { get; init; } = [];

    /// <summary>What is wrong with its pods; empty when nothing is, or there are none.</summary>
    public IReadOnlyList<PodTrouble> Pods { get; init; } = [];

    /// <summary>Warnings about the service and its pods, newest last, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What could not be looked at, and why.</summary>
    public IReadOnlyList<string> Gaps { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (ServiceCondition condition in Conditions)
        {
            text.Append("condition ").Append(condition).Append('\n');
        }

        if (Service.Status?.Conditions is not { Count: > 0 })
        {
            text.Append("KServe's controller has not reported on it; is the controller running?\n");
        }

        if (Service.Status?.ModelStatus?.LastFailureInfo is { } failure)
        {
            text.Append($"model {failure.Reason}{(failure.ExitCode is { } code ? $", exit code {code}" : "")}: {failure.Message}\n");
        }

        foreach (PodTrouble pod in Pods)
        {
            text.Append(pod);
        }

        foreach (string warning in Warnings)
        {
            text.Append("event ").Append(warning).Append('\n');
        }

        foreach (string gap in Gaps)
        {
            text.Append("not looked at: ").Append(gap).Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }
}
