using System.Text;
using System.Text.Json;
using Sidecars.EndToEnd.Wire;

namespace Sidecars.EndToEnd.Fixtures;

/// <summary>A request as the scripted predictor received it.</summary>
public sealed record StubRequest(string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public IReadOnlyList<string> All(string name) =>
        [.. Headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value)];

    public string? Header(string name) => All(name) is { Count: > 0 } values ? string.Join('|', values) : null;

    public JsonElement Json()
    {
        using JsonDocument document = JsonDocument.Parse(Body);
        return document.RootElement.Clone();
    }

    public override string ToString() =>
        $"{Method} {Target}\n{string.Join("\n", Headers.Select(h => $"{h.Key}: {h.Value}"))}\n\n{WireText.Show(Body)}";
}
