using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Sidecars.Management.Tests.Cluster;

/// <summary>Lists, cut into pages with a token that carries version and place.</summary>
internal static class Pages
{
    public static JsonObject List(ObjectStore store, string resource, string ns, IReadOnlyDictionary<string, string> query)
    {
        (IReadOnlyList<JsonObject> all, long version) = store.List(resource, ns);
        JsonObject[] matching = [.. all.Where(o => Matches(o, query))];
        int start = 0;
        if (query.TryGetValue("continue", out string? token))
        {
            string[] parts = Encoding.UTF8.GetString(Convert.FromBase64String(token)).Split('@');
            if (store.Since(resource, ns, long.Parse(parts[0], CultureInfo.InvariantCulture)) is null)
            {
                throw new ApiRefusal(410, "Expired", "The provided continue parameter is too old to display a consistent list result.");
            }

            version = long.Parse(parts[0], CultureInfo.InvariantCulture);
            start = int.Parse(parts[1], CultureInfo.InvariantCulture);
        }

        int limit = query.TryGetValue("limit", out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : int.MaxValue;
        JsonObject[] page = [.. matching.Skip(start).Take(limit)];
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) };
        if (start + page.Length < matching.Length)
        {
            metadata["continue"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{version}@{start + page.Length}"));
        }

        return new JsonObject
        {
            ["apiVersion"] = resource == "inferenceservices" ? "serving.kserve.io/v1beta1" : "v1",
            ["kind"] = resource == "inferenceservices" ? "InferenceServiceList" : "List",
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. page]),
        };
    }

    private static bool Matches(JsonObject item, IReadOnlyDictionary<string, string> query)
    {
        if (query.TryGetValue("fieldSelector", out string? field))
        {
            string[] parts = field.Split('=');
            JsonNode? at = parts[0].Split('.').Aggregate((JsonNode?)item, (node, part) => node?[part]);
            if (at?.GetValue<string>() != parts[1])
            {
                return false;
            }
        }

        return !query.TryGetValue("labelSelector", out string? labels)
            || labels.Split(',').All(l => item["metadata"]?["labels"]?[l.Split('=')[0]]?.GetValue<string>() == l.Split('=')[1]);
    }
}
