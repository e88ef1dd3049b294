using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sidecars.Management;

/// <summary>
/// A part of a manifest. Fields it has no property for are kept in <see cref="Additional"/> and written back as they
/// were, so that reading and replacing an object loses nothing of what a newer KServe knows.
/// </summary>
public abstract class ManifestPart
{
    /// <summary>The fields without a property of their own, by their JSON name; null when there are none.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Additional { get; set; }

    /// <summary>Sets a field that has no property, such as <c>nodeSelector</c>; null takes it away.</summary>
    /// <param name="field">Its JSON name.</param>
    /// <param name="value">What to write.</param>
    public void Set(string field, JsonNode? value)
    {
        if (value is null)
        {
            Additional?.Remove(field);
            return;
        }

        Additional ??= new Dictionary<string, JsonElement>();
        Additional[field] = JsonSerializer.SerializeToElement(value);
    }
}
