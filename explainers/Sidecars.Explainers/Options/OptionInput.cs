using System.Globalization;
using System.Text.Json;

namespace Sidecars.Explainers.Options;

/// <summary>
/// The value of an option as it was given: as JSON, whose types count, or as text of a flag, a query or a parameter of V2
/// or gRPC, which is read for what it says.
/// </summary>
internal readonly struct OptionInput
{
    private readonly JsonElement _json;
    private readonly string? _text;

    public OptionInput(JsonElement json) => _json = json;

    public OptionInput(string text) => _text = text;

    /// <summary>Of a V2 or gRPC parameter.</summary>
    public static OptionInput Of(object parameter) => parameter is JsonElement json
        ? new OptionInput(json)
        : new OptionInput(parameter is bool flag ? flag ? "true" : "false" : Convert.ToString(parameter, CultureInfo.InvariantCulture)!);

    /// <summary>Whether this says "the default"; texts say it with the word.</summary>
    public bool IsNull => _text is null ? _json.ValueKind == JsonValueKind.Null : _text is "" or "null" or "None" or "none";

    /// <summary>The value for people to recognise.</summary>
    public string Shown
    {
        get
        {
            string shown = _text is { } text ? $"'{text}'" : _json.GetRawText();
            return shown.Length <= 60 ? shown : shown[..60] + "…";
        }
    }

    public double? Number => _text is { } text
        ? double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null
        : _json.ValueKind == JsonValueKind.Number && _json.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;

    public long? Whole => Number is { } number && number == Math.Floor(number) && Math.Abs(number) < 1L << 53 ? (long)number : null;

    /// <summary>The words are those that KServe's explainer took on its command line.</summary>
    public bool? Flag => _text is { } text
        ? text.ToLowerInvariant() switch
        {
            "yes" or "true" or "t" or "y" or "1" => true,
            "no" or "false" or "f" or "n" or "0" => false,
            _ => null,
        }
        : _json.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    public string? Text => _text ?? (_json.ValueKind == JsonValueKind.String ? _json.GetString() : null);

    /// <summary>The elements of a list; a text may be a JSON list, or have commas between.</summary>
    public IReadOnlyList<OptionInput>? List
    {
        get
        {
            if (_text is null)
            {
                return _json.ValueKind == JsonValueKind.Array ? [.. _json.EnumerateArray().Select(static e => new OptionInput(e))] : null;
            }

            if (!_text.TrimStart().StartsWith('['))
            {
                return [.. _text.Split(',', StringSplitOptions.TrimEntries).Select(static t => new OptionInput(t))];
            }

            try
            {
                using JsonDocument document = JsonDocument.Parse(_text);
                return [.. document.RootElement.EnumerateArray().Select(static e => new OptionInput(e.Clone()))];
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}
