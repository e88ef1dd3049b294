using System.Globalization;
using System.Text.Json.Nodes;

namespace Sidecars.Management.Tests.Cluster;

/// <summary>
/// Objects with the API server's rules: one version counter for all, optimistic concurrency, a generation that counts
/// changes of the spec, a status that only its own writer changes, and the history that watches read.
/// </summary>
internal sealed class ObjectStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string Resource, string Namespace, string Name), JsonObject> _objects = [];
    private readonly List<StoreEvent> _history = [];
    private readonly FieldOwners _owners = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version = 100;
    private long _oldest = 100;

    public JsonObject Create(string resource, string ns, JsonObject given)
    {
        lock (_lock)
        {
            string name = given["metadata"]!["name"]!.GetValue<string>();
            if (_objects.ContainsKey((resource, ns, name)))
            {
                throw ApiRefusal.AlreadyExists(resource, name);
            }

            JsonObject stored = Clone(given);
            JsonObject metadata = stored["metadata"]!.AsObject();
            metadata["namespace"] = ns;
            metadata["uid"] = "uid-" + name;
            metadata["generation"] = 1L;
            metadata["creationTimestamp"] = "2026-11-01T10:00:00Z";
            if (resource == "inferenceservices")
            {
                // The status is a resource of its own.
                stored.Remove("status");
            }

            return Store(resource, ns, name, stored, "ADDED");
        }
    }

    public JsonObject Get(string resource, string ns, string name)
    {
        lock (_lock)
        {
            return Clone(Find(resource, ns, name));
        }
    }

    public JsonObject Replace(string resource, string ns, string name, JsonObject given)
    {
        lock (_lock)
        {
            JsonObject live = Find(resource, ns, name);
            string? version = given["metadata"]?["resourceVersion"]?.GetValue<string>();
            if (version is null)
            {
                throw ApiRefusal.Invalid(resource, name, "metadata.resourceVersion: Invalid value: 0x0: must be specified for an update");
            }

            RequireVersion(resource, name, live, version);
            JsonObject stored = Clone(given);
            return Update(resource, ns, name, live, stored);
        }
    }

    public JsonObject Merge(string resource, string ns, string name, JsonObject patch)
    {
        lock (_lock)
        {
            JsonObject live = Find(resource, ns, name);
            if (patch["metadata"]?["resourceVersion"]?.GetValue<string>() is { } version)
            {
                RequireVersion(resource, name, live, version);
            }

            JsonObject stored = Clone(live);
            JsonMerge.Apply(stored, patch);
            return Update(resource, ns, name, live, stored);
        }
    }

    public JsonObject Apply(string resource, string ns, string name, JsonObject manifest, string manager, bool force)
    {
        lock (_lock)
        {
            if (!_objects.TryGetValue((resource, ns, name), out JsonObject? live))
            {
                JsonObject created = Create(resource, ns, manifest);
                _owners.Take(name, manager, manifest, force, live: null);
                return created;
            }

            JsonObject stored = Clone(live);
            _owners.Take(name, manager, manifest, force, stored);
            JsonMerge.Apply(stored, manifest);
            return Update(resource, ns, name, live, stored);
        }
    }

    public void Delete(string resource, string ns, string name)
    {
        lock (_lock)
        {
            JsonObject live = Find(resource, ns, name);
            _objects.Remove((resource, ns, name));
            Record(resource, ns, "DELETED", Clone(live));
        }
    }

    /// <summary>Writes a status, as the controller does.</summary>
    public void SetStatus(string ns, string name, JsonObject status)
    {
        lock (_lock)
        {
            JsonObject stored = Clone(Find("inferenceservices", ns, name));
            stored["status"] = status.DeepClone();
            Store("inferenceservices", ns, name, stored, "MODIFIED");
        }
    }

    /// <summary>All objects of a collection, in the order of their names, and the version now.</summary>
    public (IReadOnlyList<JsonObject> Items, long Version) List(string resource, string ns)
    {
        lock (_lock)
        {
            return ([.. _objects.Where(o => o.Key.Resource == resource && o.Key.Namespace == ns).Select(o => Clone(o.Value))], _version);
        }
    }

    /// <summary>Forgets the history: watches from before now have expired.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            _version++;
            _oldest = _version;
            _history.Clear();
        }
    }

    public long Version
    {
        get
        {
            lock (_lock)
            {
                return _version;
            }
        }
    }

    /// <summary>What happened after a version, and what to wait for to see more; null when that version has expired.</summary>
    public (IReadOnlyList<StoreEvent> Events, Task More)? Since(string resource, string ns, long version)
    {
        lock (_lock)
        {
            return version < _oldest
                ? null
                : ([.. _history.Where(e => e.Version > version && e.Resource == resource && e.Namespace == ns)], _changed.Task);
        }
    }

    private JsonObject Update(string resource, string ns, string name, JsonObject live, JsonObject stored)
    {
        JsonObject metadata = stored["metadata"]!.AsObject();
        foreach (string kept in (string[])["uid", "creationTimestamp", "generation", "namespace", "name", "resourceVersion"])
        {
            metadata[kept] = live["metadata"]![kept]!.DeepClone();
        }

        stored["status"] = live["status"]?.DeepClone();
        if (stored["status"] is null)
        {
            stored.Remove("status");
        }

        if (JsonNode.DeepEquals(stored, live))
        {
            return Clone(live);
        }

        if (!JsonNode.DeepEquals(stored["spec"], live["spec"]))
        {
            metadata["generation"] = live["metadata"]!["generation"]!.GetValue<long>() + 1;
        }

        return Store(resource, ns, name, stored, "MODIFIED");
    }

    private JsonObject Store(string resource, string ns, string name, JsonObject stored, string type)
    {
        stored["metadata"]!["resourceVersion"] = (_version + 1).ToString(CultureInfo.InvariantCulture);
        _objects[(resource, ns, name)] = stored;
        Record(resource, ns, type, Clone(stored));
        return Clone(stored);
    }

    private void Record(string resource, string ns, string type, JsonObject snapshot)
    {
        _version++;
        snapshot["metadata"]!["resourceVersion"] = _version.ToString(CultureInfo.InvariantCulture);
        _history.Add(new StoreEvent(_version, resource, ns, type, snapshot));
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    private JsonObject Find(string resource, string ns, string name) =>
        _objects.TryGetValue((resource, ns, name), out JsonObject? live) ? live : throw ApiRefusal.NotFound(resource, name);

    private static void RequireVersion(string resource, string name, JsonObject live, string version)
    {
        if (live["metadata"]!["resourceVersion"]!.GetValue<string>() != version)
        {
            throw ApiRefusal.Conflict(resource, name);
        }
    }

    private static JsonObject Clone(JsonObject node) => node.DeepClone().AsObject();
}
