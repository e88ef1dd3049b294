using System.Text.Json;

namespace Sidecars.Protocol;

/// <summary>What is wrong with a row that could not be read as the model's type, in JSON's words: no .NET type crosses the wire.</summary>
internal static class RowProblem
{
    private const string Unknown = "the value is not of the expected kind";
    private const string Number = "a number";
    private const string Whole = "a whole number in range";
    private const string Truth = "true or false";
    private const string Text = "a string";

    /// <param name="e">What the parser found.</param>
    /// <param name="row">The row.</param>
    public static string Describe(JsonException e, JsonElement row)
    {
        string message = e.Message;
        int missing = message.IndexOf(" was missing required properties", StringComparison.Ordinal);
        if (missing >= 0)
        {
            return "is" + message[(missing + 4)..];
        }

        bool isRow = e.Path is null or "$";
        return Expected(e, isRow) is not { } expected ? Unknown
            : isRow ? $"{expected} is expected, not {Found(row.ValueKind)}"
            : $"{expected} is expected";
    }

    private static string? Expected(JsonException e, bool isRow) => FromReader(e.InnerException?.Message) ?? FromType(e.Message, isRow);

    /// <summary>Reads it off "Cannot get the value of a token type 'String' as a number."</summary>
    private static string? FromReader(string? message) =>
        message is null ? null
        : message.EndsWith(" as a number.", StringComparison.Ordinal) ? Number
        : message.EndsWith(" as a string.", StringComparison.Ordinal) ? Text
        : message.EndsWith(" as a boolean.", StringComparison.Ordinal) ? Truth
        : message.Contains("out of bounds for an", StringComparison.Ordinal) && message.Contains("Int", StringComparison.Ordinal) ? Whole
        : null;

    /// <summary>Reads it off "The JSON value could not be converted to TYPE. Path: …".</summary>
    private static string? FromType(string message, bool isRow)
    {
        const string Before = "could not be converted to ";
        int start = message.IndexOf(Before, StringComparison.Ordinal);
        int end = message.IndexOf(". Path:", StringComparison.Ordinal);
        if (start < 0 || end < 0)
        {
            return null;
        }

        string type = message[(start + Before.Length)..end];
        const string Nullable = "System.Nullable`1[";
        type = type.StartsWith(Nullable, StringComparison.Ordinal) ? type[Nullable.Length..^1] : type;
        return type switch
        {
            "System.Single" or "System.Double" or "System.Decimal" or "System.Half" => Number,
            "System.Byte" or "System.SByte" or "System.Int16" or "System.UInt16" or "System.Int32" or "System.UInt32"
                or "System.Int64" or "System.UInt64" => Whole,
            "System.Boolean" => Truth,
            "System.String" => Text,
            "System.DateTime" or "System.DateTimeOffset" => "a date and time as in ISO 8601",
            _ when type.EndsWith("[]", StringComparison.Ordinal) || type.StartsWith("System.Collections.Generic.List`1", StringComparison.Ordinal) => "a list",

            // A row of the user's own type is a record; inside one, a type of theirs may as well be an enum.
            _ => isRow && !type.StartsWith("System.", StringComparison.Ordinal) ? "an object with named values" : null,
        };
    }

    private static string Found(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };
}
