using System.Text.Json;

namespace Sidecars.EndToEnd.Wire;

/// <summary>JSON compared by value: numbers by their value, objects whatever the order of their keys.</summary>
internal static class JsonText
{
    public static bool Same(string left, string right)
    {
        try
        {
            using JsonDocument one = JsonDocument.Parse(left);
            using JsonDocument other = JsonDocument.Parse(right);
            return JsonElement.DeepEquals(one.RootElement, other.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
