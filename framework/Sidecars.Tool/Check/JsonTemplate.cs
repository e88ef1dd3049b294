using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sidecars.Tool.Check;

/// <summary>
/// Compares JSON with a form: what the form names must be there and be equal; more may be there. Texts in angle brackets
/// stand for kinds of values.
/// </summary>
internal static class JsonTemplate
{
    /// <returns>Where the value does not fit, and how; null when it does.</returns>
    public static string? Problem(JsonNode? form, JsonNode? value, string path = "$")
    {
        switch (form)
        {
            case JsonObject wanted:
                if (value is not JsonObject there)
                {
                    return path == "$" && value is null
                        ? "the body is to be a JSON object"
                        : $"{path} is to be an object, not {Show(value)}";
                }

                return wanted
                    .Select(w => there.ContainsKey(w.Key) ? Problem(w.Value, there[w.Key], $"{path}.{w.Key}") : $"{path}.{w.Key} is missing")
                    .FirstOrDefault(p => p is not null);
            case JsonValue literal when literal.GetValueKind() == JsonValueKind.String && literal.GetValue<string>() is ['<', ..] kind:
                return Fits(kind, value) ? null : $"{path} is to be {kind}, not {Show(value)}";
            default:
                return JsonNode.DeepEquals(form, value) ? null : $"{path} is to be {Show(form)}, not {Show(value)}";
        }
    }

    private static bool Fits(string kind, JsonNode? value) => kind switch
    {
        "<any>" => true,
        "<string>" => Text(value) is not null,
        "<strings>" => value is JsonArray array && array.All(n => Text(n) is not null),
        "<tensors>" => value is JsonArray tensors && tensors.All(t =>
            t is JsonObject o && Text(o["name"]) is not null && Text(o["datatype"]) is not null
            && o["shape"] is JsonArray shape && shape.All(n => n is JsonValue d && d.TryGetValue(out long _))),
        _ when kind.StartsWith("<begins ", StringComparison.Ordinal) =>
            Text(value)?.StartsWith(kind[8..^1], StringComparison.Ordinal) == true,
        _ => throw new InvalidOperationException($"There is no kind {kind}."),
    };

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static string Show(JsonNode? node)
    {
        string text = node?.ToJsonString() ?? "null";
        return text.Length > 80 ? text[..80] + "…" : text;
    }
}
