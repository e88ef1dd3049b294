using System.Text.Json.Nodes;

namespace Sidecars.Management.Tests.Cluster;

/// <summary>JSON merge patch, RFC 7396.</summary>
internal static class JsonMerge
{
    public static void Apply(JsonObject target, JsonObject patch)
    {
        foreach ((string key, JsonNode? value) in patch)
        {
            if (value is null)
            {
                target.Remove(key);
            }
            else if (value is JsonObject inner)
            {
                if (target[key] is not JsonObject into)
                {
                    target[key] = into = [];
                }

                Apply(into, inner);
            }
            else
            {
                target[key] = value.DeepClone();
            }
        }
    }
}
