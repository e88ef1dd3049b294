using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sidecars.Explainers.Tests.Tabular;

/// <summary>Checks a document against a JSON Schema: the keywords our schema uses, and an error for any other.</summary>
internal static class JsonSchemaCheck
{
    private static readonly string[] s_words = ["$schema", "title", "description"];

    public static bool IsValid(JsonNode? value, JsonObject schema)
    {
        foreach ((string keyword, JsonNode? rule) in schema)
        {
            if (!s_words.Contains(keyword) && !Meets(value, keyword, rule!, schema))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Meets(JsonNode? value, string keyword, JsonNode rule, JsonObject schema) => keyword switch
    {
        "type" => rule is JsonArray several ? several.Any(t => IsType(value, (string)t!)) : IsType(value, (string)rule!),
        "const" => JsonNode.DeepEquals(value, rule),
        "enum" => rule.AsArray().Any(each => JsonNode.DeepEquals(value, each)),
        "anyOf" => rule.AsArray().Any(each => IsValid(value, each!.AsObject())),
        "allOf" => rule.AsArray().All(each => IsValid(value, each!.AsObject())),
        "if" => !IsValid(value, rule.AsObject()) || IsValid(value, schema["then"]!.AsObject()),
        "then" => schema.ContainsKey("if"),
        "required" => value is not JsonObject o || rule.AsArray().All(key => o.ContainsKey((string)key!)),
        "properties" => value is not JsonObject o || rule.AsObject().All(p => !o.TryGetPropertyValue(p.Key, out JsonNode? v) || IsValid(v, p.Value!.AsObject())),
        "additionalProperties" => value is not JsonObject o || o.All(p => schema["properties"]!.AsObject().ContainsKey(p.Key)),
        "items" => value is not JsonArray a || a.All(each => IsValid(each, rule.AsObject())),
        "minItems" => value is not JsonArray a || a.Count >= (int)rule!,
        "uniqueItems" => value is not JsonArray a || a.Select((x, i) => a.Skip(i + 1).Any(y => JsonNode.DeepEquals(x, y))).All(static twice => !twice),
        "minLength" => !IsType(value, "string") || ((string)value!).Length >= (int)rule!,
        "pattern" => !IsType(value, "string") || Regex.IsMatch((string)value!, (string)rule!),
        "minimum" => Number(value) is not { } n || n >= (double)rule!,
        "maximum" => Number(value) is not { } n || n <= (double)rule!,
        "exclusiveMinimum" => Number(value) is not { } n || n > (double)rule!,
        "exclusiveMaximum" => Number(value) is not { } n || n < (double)rule!,
        _ => throw new NotSupportedException($"The check does not know '{keyword}'."),
    };

    private static double? Number(JsonNode? value) => IsType(value, "number") ? value!.GetValue<JsonElement>().GetDouble() : null;

    private static bool IsType(JsonNode? value, string type) => value?.GetValueKind() switch
    {
        null => type == "null",
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        _ => type == "number" || (type == "integer" && Math.Floor(value.GetValue<JsonElement>().GetDouble()) == value.GetValue<JsonElement>().GetDouble()),
    };
}
