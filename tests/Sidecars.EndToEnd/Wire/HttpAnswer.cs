using System.Text;
using System.Text.Json;

namespace Sidecars.EndToEnd.Wire;

/// <summary>An HTTP/1.1 answer as it came over the socket.</summary>
public sealed record HttpAnswer(
    int Status,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    byte[] Body,
    IReadOnlyList<byte[]> Chunks,
    bool SawContinue)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The one value of a header, null where it is absent; duplicates are joined with a bar to show them.</summary>
    public string? Header(string name)
    {
        string[] values = [.. All(name)];
        return values.Length == 0 ? null : string.Join('|', values);
    }

    public IEnumerable<string> All(string name) =>
        Headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value);

    /// <summary>The body as JSON.</summary>
    public JsonElement Json()
    {
        using JsonDocument document = JsonDocument.Parse(Body);
        return document.RootElement.Clone();
    }

    /// <summary>The text under <c>error</c>, when the body is exactly an object with that one key.</summary>
    public string? Error()
    {
        try
        {
            JsonElement root = Json();
            return root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Count() == 1
                && root.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.String
                ? error.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() =>
        $"{Status}\n{string.Join("\n", Headers.Select(h => $"{h.Key}: {h.Value}"))}\n\n{WireText.Show(Body)}";
}
