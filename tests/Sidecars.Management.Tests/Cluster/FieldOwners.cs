using System.Text.Json.Nodes;

namespace Sidecars.Management.Tests.Cluster;

/// <summary>Who applied which field: server-side apply's rules, with lists taken whole.</summary>
internal sealed class FieldOwners
{
    private readonly Dictionary<(string Object, string Path), HashSet<string>> _owners = [];

    /// <summary>Gives a manifest's fields to a manager, and takes from <paramref name="live"/> those it no longer names.</summary>
    public void Take(string name, string manager, JsonObject manifest, bool force, JsonObject? live)
    {
        Dictionary<string, JsonNode?> wanted = Leaves(manifest["spec"], "spec").ToDictionary(l => l.Path, l => l.Value);
        if (live is not null)
        {
            Dictionary<string, JsonNode?> there = Leaves(live["spec"], "spec").ToDictionary(l => l.Path, l => l.Value);
            var causes = new JsonArray();
            foreach ((string path, JsonNode? value) in wanted)
            {
                string? other = Owners(name, path).FirstOrDefault(o => o != manager);
                if (other is null || !there.TryGetValue(path, out JsonNode? now) || JsonNode.DeepEquals(now, value))
                {
                    continue;
                }

                if (force)
                {
                    Owners(name, path).Clear();
                    continue;
                }

                causes.Add(new JsonObject
                {
                    ["reason"] = "FieldManagerConflict",
                    ["message"] = $"conflict with \"{other}\"",
                    ["field"] = "." + path,
                });
            }

            if (causes.Count > 0)
            {
                throw new ApiRefusal(409, "Conflict", $"Apply failed with {causes.Count} conflict", new JsonObject { ["causes"] = causes });
            }

            foreach (string gone in Paths(name, manager).Except(wanted.Keys).ToArray())
            {
                Owners(name, gone).Remove(manager);
                if (Owners(name, gone).Count == 0)
                {
                    Remove(live, gone.Split('.'));
                }
            }
        }

        foreach (string path in wanted.Keys)
        {
            Owners(name, path).Add(manager);
        }
    }

    private HashSet<string> Owners(string name, string path) =>
        _owners.TryGetValue((name, path), out HashSet<string>? owners) ? owners : _owners[(name, path)] = [];

    private IEnumerable<string> Paths(string name, string manager) =>
        _owners.Where(o => o.Key.Object == name && o.Value.Contains(manager)).Select(o => o.Key.Path);

    private static void Remove(JsonObject root, string[] path)
    {
        JsonObject? at = root;
        foreach (string part in path[..^1])
        {
            at = at?[part] as JsonObject;
        }

        at?.Remove(path[^1]);
    }

    private static IEnumerable<(string Path, JsonNode? Value)> Leaves(JsonNode? node, string path) => node is JsonObject map
        ? map.SelectMany(p => Leaves(p.Value, $"{path}.{p.Key}"))
        : [(path, node)];
}
