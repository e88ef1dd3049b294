using System.Text.Json;

namespace Sidecars.Explainers.Tabular;

/// <summary>An object of explainer.json while it is read: every key it takes is known, whatever else there is, is a problem.</summary>
internal readonly struct DocumentNode
{
    private readonly JsonElement _json;
    private readonly string _path;
    private readonly Problems _problems;

    private DocumentNode(JsonElement json, string path, Problems problems) => (_json, _path, _problems) = (json, path, problems);

    /// <summary>Takes an object that has no other keys than these.</summary>
    public static DocumentNode? Open(JsonElement json, string path, Problems problems, params ReadOnlySpan<string> known)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"{Where(path)} must be an object, it is {Kind(json)}");
            return null;
        }

        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                problems.Add($"{Where(path)} has an unknown key '{property.Name}'; known: {string.Join(", ", known!)}");
            }
        }

        return new DocumentNode(json, path, problems);
    }

    /// <summary>A text that is not empty; null and absent are the same.</summary>
    public string? Text(string key, bool required = false)
    {
        JsonElement? value = Value(key, required);
        if (value is not { } text)
        {
            return null;
        }

        if (text.ValueKind == JsonValueKind.String && text.GetString() is { Length: > 0 } given)
        {
            return given;
        }

        _problems.Add($"{At(key)} must be a text that is not empty, it is {Kind(text)}");
        return null;
    }

    public int? Count(string key)
    {
        if (Value(key) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
            && number is >= 1 and <= int.MaxValue && number == Math.Floor(number))
        {
            return (int)number;
        }

        _problems.Add($"{At(key)} must be a whole number from 1, it is {Kind(value)}");
        return null;
    }

    /// <summary>The elements of a list, each with its path.</summary>
    public List<(JsonElement Json, string Path)>? List(string key, bool required = false, bool emptyAllowed = false)
    {
        if (Value(key, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            _problems.Add($"{At(key)} must be a list, it is {Kind(value)}");
            return null;
        }

        List<(JsonElement, string)> elements = [];
        foreach (JsonElement element in value.EnumerateArray())
        {
            elements.Add((element, $"{At(key)}[{elements.Count}]"));
        }

        if (elements.Count == 0 && !emptyAllowed)
        {
            _problems.Add($"{At(key)} is empty");
            return null;
        }

        return elements;
    }

    /// <summary>A list of different texts.</summary>
    public List<string>? Texts(string key)
    {
        if (List(key) is not { } elements)
        {
            return null;
        }

        List<string> texts = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonElement json, string path) in elements)
        {
            string? text = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
            if (text is null)
            {
                _problems.Add($"{path} must be a text, it is {Kind(json)}");
            }
            else if (!seen.Add(text))
            {
                _problems.Add($"{path} is '{text}' a second time");
            }

            texts.Add(text ?? "");
        }

        return texts;
    }

    public JsonElement? Value(string key, bool required = false)
    {
        if (_json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        if (required)
        {
            _problems.Add($"{Where(_path)} has no '{key}'");
        }

        return null;
    }

    public string At(string key) => _path.Length == 0 ? key : _path + "." + key;

    public static string Kind(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String when json.GetString() is { Length: 0 } => "an empty text",
        JsonValueKind.Null => "null",
        _ => json.GetRawText() is { Length: <= 60 } text ? text : json.GetRawText()[..60] + "…",
    };

    private static string Where(string path) => path.Length == 0 ? ExplainerDocument.FileName : path;
}
