using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;
using Sidecars.Management.Api;

namespace Sidecars.Management.Diagnosis;

/// <summary>Looks around a service that is not ready: its pods, the log of what failed, warnings.</summary>
/// <param name="server">The API server.</param>
/// <param name="namespace">Where.</param>
/// <param name="limit">When the time for it is over: what was not looked at by then is left out, and named.</param>
internal sealed class ReasonFinder(ApiServer server, string @namespace, CancellationToken limit = default)
{
    private const int MaxPods = 5;
    private const int MaxWarnings = 10;
    private const string TailLines = "20";

    private readonly List<string> _gaps = [];

    public async Task<NotReadyReason> OfAsync(InferenceService service, CancellationToken cancellation)
    {
        string name = service.Metadata.Name;
        IList<V1Pod> pods = await PodsAsync(name, cancellation).ConfigureAwait(false);
        var troubles = new List<PodTrouble>();
        foreach ((V1Pod pod, PodReader.Finding finding) in pods.SelectMany(p => PodReader.Read(p).Select(f => (p, f))).Take(MaxPods))
        {
            string[] tail = finding.HasLog
                ? await LogAsync(pod.Metadata.Name, finding, cancellation).ConfigureAwait(false)
                : [];
            troubles.Add(new PodTrouble(pod.Metadata.Name, finding.Container, finding.Reason, finding.Message, tail));
        }

        return new NotReadyReason
        {
            Service = service,
            Conditions = [.. (service.Status?.Conditions ?? []).Where(c => !c.IsTrue && c.Severity != "Info")],
            Pods = troubles,
            Warnings = await WarningsAsync(name, pods, cancellation).ConfigureAwait(false),
            Gaps = _gaps,
        };
    }

    private async Task<IList<V1Pod>> PodsAsync(string name, CancellationToken cancellation)
    {
        var call = new ApiCall("list", "pods", @namespace) { Query = [("labelSelector", "serving.kserve.io/inferenceservice=" + name)] };
        return await TryAsync<V1PodList>(call, cancellation).ConfigureAwait(false) is { Items: { } items } ? items : [];
    }

    private async Task<string[]> LogAsync(string pod, PodReader.Finding finding, CancellationToken cancellation)
    {
        var call = new ApiCall("get", "pods", @namespace)
        {
            Name = pod,
            Part = "log",
            Query = [("container", finding.Container!), ("tailLines", TailLines), ("previous", finding.Previous ? "true" : "false")],
        };
        byte[]? body = await TryAsync(call, cancellation).ConfigureAwait(false);
        return body is null ? [] : Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private async Task<IReadOnlyList<string>> WarningsAsync(string name, IList<V1Pod> pods, CancellationToken cancellation)
    {
        var call = new ApiCall("list", "events", @namespace) { Query = [("fieldSelector", "type=Warning")] };
        var events = await TryAsync<Corev1EventList>(call, cancellation).ConfigureAwait(false);
        HashSet<string> names = [name, .. pods.Select(p => p.Metadata.Name)];
        return [.. (events?.Items ?? [])
            .Where(e => Concerns(e.InvolvedObject?.Name, name, names))
            .OrderBy(e => e.LastTimestamp ?? e.EventTime ?? e.FirstTimestamp)
            .TakeLast(MaxWarnings)
            .Select(e => $"{e.InvolvedObject.Kind} {e.InvolvedObject.Name}: {e.Reason}: {e.Message?.Trim()}")];
    }

    /// <summary>The service, its pods, and what the controller makes for it: <c>{service}-predictor…</c>.</summary>
    private static bool Concerns(string? involved, string name, HashSet<string> names) => involved is not null
        && (names.Contains(involved)
            || ((string[])["predictor", "transformer", "explainer"]).Any(c => involved.StartsWith($"{name}-{c}", StringComparison.Ordinal)));

    private async Task<T?> TryAsync<T>(ApiCall call, CancellationToken cancellation)
        where T : class
    {
        byte[]? body = await TryAsync(call, cancellation).ConfigureAwait(false);
        try
        {
            return body is null ? null : KubernetesJson.Deserialize<T>(Encoding.UTF8.GetString(body));
        }
        catch (JsonException e)
        {
            _gaps.Add($"{call.FullResource}: the answer cannot be read: {e.Message}");
            return null;
        }
    }

    /// <summary>What may not be read, or cannot be, does not hide the rest.</summary>
    private async Task<byte[]?> TryAsync(ApiCall call, CancellationToken cancellation)
    {
        try
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit);
            return await server.SendAsync(call, both.Token).ConfigureAwait(false);
        }
        catch (KServeException e)
        {
            _gaps.Add(e.Message);
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            _gaps.Add($"{call.FullResource}: no answer in time");
            return null;
        }
    }
}
