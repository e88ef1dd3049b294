using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Management.Api;
using Sidecars.Management.Diagnosis;
using Sidecars.Management.Manifest;
using Sidecars.Management.Rollout;

namespace Sidecars.Management;

/// <summary>
/// Manages InferenceServices in a cluster: what the Python SDK's client of the same name does. One instance serves a whole
/// process; it is thread-safe. All errors are <see cref="KServeException"/>.
/// </summary>
public sealed class KServeClient : IDisposable
{
    /// <summary>How often a change is made anew on an object that somebody else changed meanwhile.</summary>
    private const int MaxAttempts = 8;

    private readonly ApiServer _server;
    private readonly string _fieldManager;

    /// <summary>Finds the credentials; connects when it is first used.</summary>
    /// <exception cref="KServeException">There are no credentials.</exception>
    public KServeClient(KServeClientOptions? options = null)
        : this(options ?? new(), Environment.GetEnvironmentVariable)
    {
    }

    internal KServeClient(
        KServeClientOptions options, Func<string, string?> environment, string serviceAccountFolder = Credentials.ServiceAccountFolder)
    {
        k8s.KubernetesClientConfiguration configuration =
            options.Configuration ?? Credentials.Find(options, environment, serviceAccountFolder);
        _server = new ApiServer(configuration, options.TimeProvider);
        _fieldManager = options.FieldManager;
        Namespace = options.Namespace ?? (string.IsNullOrEmpty(configuration.Namespace) ? "default" : configuration.Namespace);
    }

    /// <summary>The namespace for calls that name none.</summary>
    public string Namespace { get; }

    /// <summary>Creates a service.</summary>
    /// <returns>It, as the cluster took it.</returns>
    public Task<InferenceService> CreateAsync(
        InferenceService service, string? @namespace = null, CancellationToken cancellation = default) =>
        SendAsync(Writing(Call("create", service, @namespace), service), cancellation);

    /// <summary>Reads a service.</summary>
    public Task<InferenceService> GetAsync(string name, string? @namespace = null, CancellationToken cancellation = default) =>
        SendAsync(Call("get", name, @namespace), cancellation);

    /// <summary>Reads all services of a namespace, page by page.</summary>
    /// <param name="namespace">Where; null for <see cref="Namespace"/>.</param>
    /// <param name="labelSelector">Which, such as <c>team=churn</c>; null for all.</param>
    /// <param name="pageSize">How many to ask for at a time.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<IReadOnlyList<InferenceService>> ListAsync(
        string? @namespace = null, string? labelSelector = null, int pageSize = 100, CancellationToken cancellation = default)
    {
        var call = new ApiCall("list", ApiCall.InferenceServices, @namespace ?? Namespace);
        return (await Listing.ReadAsync(_server, call, labelSelector, pageSize, cancellation).ConfigureAwait(false)).Items;
    }

    /// <summary>Patches a service with a JSON merge patch (RFC 7396): what is given is set, null takes away.</summary>
    /// <remarks>
    /// A patch that names no <c>metadata.resourceVersion</c> is sent again when somebody else was faster. One that does fails
    /// with <see cref="KServeError.Conflict"/>.
    /// </remarks>
    public Task<InferenceService> PatchAsync(
        string name, JsonObject patch, string? @namespace = null, CancellationToken cancellation = default)
    {
        ApiCall call = Call("patch", name, @namespace) with
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(patch),
            ContentType = "application/merge-patch+json",
            Query = [("fieldManager", _fieldManager)],
        };
        bool pinned = patch["metadata"] is JsonObject metadata && metadata["resourceVersion"] is not null;
        return Conflicts.RetryAsync(() => SendAsync(call, cancellation), pinned ? 1 : MaxAttempts);
    }

    /// <summary>Patches a service with a manifest: the fields it has are set, the others stay.</summary>
    public Task<InferenceService> PatchAsync(
        InferenceService service, string? @namespace = null, CancellationToken cancellation = default)
    {
        JsonObject patch = ManifestJson.ToNode(service);
        patch.Remove("status");
        return PatchAsync(NameOf(service), patch, @namespace ?? service.Metadata.NamespaceProperty, cancellation);
    }

    /// <summary>Replaces a service whole.</summary>
    /// <remarks>
    /// With a <c>resourceVersion</c> in the manifest, as after <see cref="GetAsync"/>, only that version is replaced; else
    /// whatever version there is. <see cref="UpdateAsync"/> is the safe way to change a service that others change too.
    /// </remarks>
    public Task<InferenceService> ReplaceAsync(
        InferenceService service, string? @namespace = null, CancellationToken cancellation = default)
    {
        if (service.Metadata.ResourceVersion is not null)
        {
            return PutAsync(service, @namespace, cancellation);
        }

        InferenceService pinned = ManifestJson.Copy(service);
        return Conflicts.RetryAsync(
            async () =>
            {
                InferenceService live = await GetAsync(
                    NameOf(service), @namespace ?? service.Metadata.NamespaceProperty, cancellation).ConfigureAwait(false);
                pinned.Metadata.ResourceVersion = live.Metadata.ResourceVersion;
                return await PutAsync(pinned, @namespace, cancellation).ConfigureAwait(false);
            },
            MaxAttempts);
    }

    /// <summary>
    /// Reads a service, changes it and writes it back. When somebody else was faster it is read and changed again, so that
    /// neither change is lost; <paramref name="change"/> must be ready to run more than once.
    /// </summary>
    public Task<InferenceService> UpdateAsync(
        string name, Action<InferenceService> change, string? @namespace = null, CancellationToken cancellation = default) =>
        Conflicts.RetryAsync(
            async () =>
            {
                InferenceService service = await GetAsync(name, @namespace, cancellation).ConfigureAwait(false);
                change(service);
                return await PutAsync(service, @namespace, cancellation).ConfigureAwait(false);
            },
            MaxAttempts);

    /// <summary>
    /// Creates a service or brings it to what the manifest says (server-side apply). Fields that an earlier apply set and
    /// this manifest leaves out are taken away; fields that others set stay.
    /// </summary>
    /// <param name="service">The manifest.</param>
    /// <param name="namespace">Where; null for the manifest's own, else <see cref="Namespace"/>.</param>
    /// <param name="force">Whether to take over fields that others set; without it that is a <see cref="KServeError.Conflict"/>.</param>
    /// <param name="cancellation">Stops it.</param>
    public Task<InferenceService> ApplyAsync(
        InferenceService service, string? @namespace = null, bool force = false, CancellationToken cancellation = default)
    {
        InferenceService manifest = ManifestJson.Copy(service);
        manifest.Status = null;
        manifest.Metadata.ManagedFields = null;
        manifest.Metadata.ResourceVersion = null;
        ApiCall call = Writing(Call("patch", NameOf(service), @namespace ?? service.Metadata.NamespaceProperty), manifest) with
        {
            ContentType = "application/apply-patch+yaml",
            Query = [("fieldManager", _fieldManager), ("force", force ? "true" : "false")],
        };
        return SendAsync(call, cancellation);
    }

    /// <summary>Deletes a service.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteAsync(string name, string? @namespace = null, CancellationToken cancellation = default)
    {
        try
        {
            await _server.SendAsync(Call("delete", name, @namespace), cancellation).ConfigureAwait(false);
            return true;
        }
        catch (KServeException e) when (e.Error == KServeError.NotFound)
        {
            return false;
        }
    }

    /// <summary>Waits until a service is ready for its newest spec, following it without asking again and again.</summary>
    /// <param name="name">Which.</param>
    /// <param name="namespace">Where; null for <see cref="Namespace"/>.</param>
    /// <param name="timeout">How long at most; null for ten minutes.</param>
    /// <param name="progress">Told of each change of its conditions.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="KServeException">
    /// <see cref="KServeError.NotReady"/> with the reason in <see cref="KServeException.NotReady"/>;
    /// <see cref="KServeError.NotFound"/> when there is none, or it was deleted.
    /// </exception>
    public Task<InferenceService> WaitUntilReadyAsync(
        string name,
        string? @namespace = null,
        TimeSpan? timeout = null,
        IProgress<ReadinessProgress>? progress = null,
        CancellationToken cancellation = default) =>
        new ReadinessWait(_server, name, @namespace ?? Namespace, progress)
            .RunAsync(timeout ?? TimeSpan.FromMinutes(10), cancellation);

    /// <summary>
    /// Why a service is not ready: its conditions, the model's failure, what its pods wait for, the last lines of a container
    /// that failed, and warnings. What the account may not read is left out, and named.
    /// </summary>
    public async Task<NotReadyReason> WhyNotReadyAsync(
        string name, string? @namespace = null, CancellationToken cancellation = default)
    {
        InferenceService service = await GetAsync(name, @namespace, cancellation).ConfigureAwait(false);
        return await new ReasonFinder(_server, @namespace ?? Namespace).OfAsync(service, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Brings a new version out to a part of the requests, or changes the part that the running canary gets. Knative mode:
    /// <c>canaryTrafficPercent</c> on the component. Standard mode: an entry of <c>spec.canary</c>, predictor only.
    /// </summary>
    /// <param name="name">Which service.</param>
    /// <param name="percent">The part, 0 to 100.</param>
    /// <param name="canary">What is new in it, and where; null to change only the part.</param>
    /// <param name="namespace">Where; null for <see cref="Namespace"/>.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="KServeException"><see cref="KServeError.Invalid"/>: what stands in the way.</exception>
    public Task<InferenceService> CanaryAsync(
        string name, int percent, CanaryChange? canary = null, string? @namespace = null, CancellationToken cancellation = default) =>
        UpdateAsync(name, s => Rollouts.For(s, canary ?? new()).Start(s, percent), @namespace, cancellation);

    /// <summary>Gives all requests to the canary, which becomes the stable version.</summary>
    /// <param name="name">Which service.</param>
    /// <param name="canary">Where it runs; null for the predictor's.</param>
    /// <param name="force">Whether to do so although the new version is not ready.</param>
    /// <param name="namespace">Where; null for <see cref="Namespace"/>.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="KServeException"><see cref="KServeError.Invalid"/>: there is no canary, or it is not ready.</exception>
    public Task<InferenceService> PromoteAsync(
        string name, CanaryChange? canary = null, bool force = false, string? @namespace = null, CancellationToken cancellation = default) =>
        UpdateAsync(name, s => Rollouts.For(s, canary ?? new()).Promote(s, force), @namespace, cancellation);

    /// <summary>Takes all requests from the canary. Knative mode keeps the new revision at 0 %; Standard mode removes the version.</summary>
    /// <param name="name">Which service.</param>
    /// <param name="canary">Where it runs; null for the predictor's.</param>
    /// <param name="namespace">Where; null for <see cref="Namespace"/>.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="KServeException"><see cref="KServeError.Invalid"/>: there is no canary.</exception>
    public Task<InferenceService> RollBackAsync(
        string name, CanaryChange? canary = null, string? @namespace = null, CancellationToken cancellation = default) =>
        UpdateAsync(name, s => Rollouts.For(s, canary ?? new()).RollBack(s), @namespace, cancellation);

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _server.Dispose();

    private Task<InferenceService> PutAsync(InferenceService service, string? @namespace, CancellationToken cancellation) =>
        SendAsync(
            Writing(Call("update", NameOf(service), @namespace ?? service.Metadata.NamespaceProperty), service), cancellation);

    private async Task<InferenceService> SendAsync(ApiCall call, CancellationToken cancellation) =>
        Listing.Read<InferenceService>(await _server.SendAsync(call, cancellation).ConfigureAwait(false), call);

    private ApiCall Writing(ApiCall call, InferenceService service)
    {
        JsonObject body = ManifestJson.ToNode(service);
        body["metadata"]!["namespace"] ??= call.Namespace;
        return call with { Body = JsonSerializer.SerializeToUtf8Bytes(body), Query = [("fieldManager", _fieldManager)] };
    }

    private ApiCall Call(string verb, string name, string? @namespace) =>
        new(verb, ApiCall.InferenceServices, @namespace ?? Namespace) { Name = name };

    private ApiCall Call(string verb, InferenceService service, string? @namespace)
    {
        _ = NameOf(service);
        return new(verb, ApiCall.InferenceServices, @namespace ?? service.Metadata.NamespaceProperty ?? Namespace);
    }

    private static string NameOf(InferenceService service) => string.IsNullOrEmpty(service.Metadata.Name)
        ? throw new KServeException(KServeError.Invalid, "The InferenceService has no metadata.name.")
        : service.Metadata.Name;
}
