using System.Globalization;
using System.Text.Json;

namespace Sidecars.Explainers.Options;

/// <summary>Makes options of each kind.</summary>
internal static class OptionKinds
{
    /// <summary>A whole number in a range; null is the default where <paramref name="set"/> takes it.</summary>
    public static ExplainerOption Int(
        string name, string help, int least, Func<ExplainerSettings, int?> get, Func<ExplainerSettings, int?, ExplainerSettings> set, string? none = null) => new()
        {
            Name = name,
            Help = help,
            Allowed = (least == int.MinValue ? "a whole number" : $"a whole number from {least}") + (none is null ? "" : $", or null: {none}"),
            Schema = $$"""{"type":{{(none is null ? "\"integer\"" : "[\"integer\",\"null\"]")}},"minimum":{{least}},"maximum":{{int.MaxValue}}}""",
            Set = (settings, input) => none is not null && input.IsNull ? set(settings, null)
                : input.Whole is { } value && value >= least && value <= int.MaxValue ? set(settings, (int)value) : null,
            Write = (json, settings) => WriteNumber(json, get(settings)),
        };

    /// <summary>A number between limits.</summary>
    public static ExplainerOption Number(
        string name, string help, double above, double? most, bool mostAllowed, Func<ExplainerSettings, double?> get, Func<ExplainerSettings, double?, ExplainerSettings> set, string? none = null)
    {
        string low = above.ToString(CultureInfo.InvariantCulture);
        string high = most?.ToString(CultureInfo.InvariantCulture) ?? "";
        string words = $"a number above {low}" + (most is null ? "" : mostAllowed ? $" and at most {high}" : $" and below {high}");
        string limit = most is null ? "" : mostAllowed ? $",\"maximum\":{high}" : $",\"exclusiveMaximum\":{high}";
        return new ExplainerOption
        {
            Name = name,
            Help = help,
            Allowed = words + (none is null ? "" : $", or null: {none}"),
            Schema = $$"""{"type":{{(none is null ? "\"number\"" : "[\"number\",\"null\"]")}},"exclusiveMinimum":{{low}}{{limit}}}""",
            Set = (settings, input) => none is not null && input.IsNull ? set(settings, null)
                : input.Number is { } value && value > above && (most is null || value < most || (mostAllowed && value == most)) ? set(settings, value) : null,
            Write = (json, settings) => WriteNumber(json, get(settings)),
        };
    }

    public static ExplainerOption Bool(string name, string help, Func<ExplainerSettings, bool> get, Func<ExplainerSettings, bool, ExplainerSettings> set) => new()
    {
        Name = name,
        Help = help,
        Allowed = "true or false",
        Schema = """{"type":"boolean"}""",
        Set = (settings, input) => input.Flag is { } value ? set(settings, value) : null,
        Write = (json, settings) => json.WriteBooleanValue(get(settings)),
    };

    /// <summary>One of some words.</summary>
    public static ExplainerOption Choice<T>(
        string name, string help, (string Word, T Value)[] words, Func<ExplainerSettings, T> get, Func<ExplainerSettings, T, ExplainerSettings> set) => new()
        {
            Name = name,
            Help = help,
            Allowed = "one of " + string.Join(", ", words.Select(static w => w.Word)),
            Schema = $$"""{"enum":[{{string.Join(',', words.Select(static w => $"\"{w.Word}\""))}}]}""",
            Set = (settings, input) =>
            {
                int at = Array.FindIndex(words, w => w.Word == input.Text);
                return at < 0 ? null : set(settings, words[at].Value);
            },
            Write = (json, settings) =>
            {
                T value = get(settings);
                json.WriteStringValue(words.First(w => EqualityComparer<T>.Default.Equals(w.Value, value)).Word);
            },
        };

    public static void WriteNumber(Utf8JsonWriter json, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
