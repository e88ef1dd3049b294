using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sidecars.Management.Yaml;

/// <summary>
/// What a plain scalar means, and which texts may stand without quotes. Whole numbers are those that Kubernetes' own tools
/// read: <c>defaultMode: 0400</c> is octal there, whatever YAML 1.2 says.
/// </summary>
internal static partial class YamlScalars
{
    public static JsonNode? Read(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => JsonValue.Create(true),
        "false" or "False" or "FALSE" => JsonValue.Create(false),
        _ when Octal().Match(text) is { Success: true } octal && TryOctal(octal.Groups["digits"].ValueSpan, out long eights) =>
            JsonValue.Create(octal.Groups["minus"].Success ? -eights : eights),
        _ when Integer().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) =>
            JsonValue.Create(whole),
        _ when Hex().IsMatch(text) && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hex) =>
            JsonValue.Create(hex),
        _ when Number().IsMatch(text) => JsonValue.Create(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)),
        _ => JsonValue.Create(text),
    };

    /// <summary>
    /// Whether a text stays the same text without quotes, in YAML 1.2 and in the 1.1 that Kubernetes' own tools still
    /// read, where <c>no</c> is false, <c>1:30</c> is a number and <c>2026-01-01</c> a date.
    /// </summary>
    public static bool IsPlain(string text) =>
        Plain().IsMatch(text) && Read(text) is JsonValue value && value.TryGetValue(out string? _) && !Old().IsMatch(text) && !text.EndsWith(':');

    private static bool TryOctal(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        foreach (char digit in digits)
        {
            if (value > long.MaxValue >> 3)
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }

    [GeneratedRegex("^((?<minus>-)|\\+)?0[oO]?(?<digits>[0-7]+)$")]
    private static partial Regex Octal();

    [GeneratedRegex(@"^[-+]?[0-9]+$")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^0x[0-9a-fA-F]+$")]
    private static partial Regex Hex();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^[A-Za-z_/.][A-Za-z0-9_/.=@$()+-]*(:[A-Za-z0-9_/.=@$()+-]+)*$|^--[A-Za-z][A-Za-z0-9_/.=@:$()+-]*$|^[0-9][A-Za-z0-9_/.-]*$")]
    private static partial Regex Plain();

    [GeneratedRegex(@"^(y|yes|n|no|on|off|true|false|null)$|^[-+.]?[0-9][0-9_.,:eExXoObBTZ-]*$|^\.(inf|nan)$|^0[xob]", RegexOptions.IgnoreCase)]
    private static partial Regex Old();
}
