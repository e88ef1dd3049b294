using System.Text.Json;

namespace Sidecars.Protocol;

/// <summary>
/// What JSON's grammar allows and no value can hold: numbers beyond a double, escapes of half a character. The parser
/// would only fail over them when somebody reads them. They are rare, so the text is first searched for what could be
/// one, and read in full only then.
/// </summary>
internal static class JsonContent
{
    public static void Check(ReadOnlySpan<byte> json, int maxDepth)
    {
        if (!HasLargeExponent(json) && json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.Number && !double.IsFinite(reader.GetDouble()))
                {
                    throw JsonParsing.Unrecognized($"the number at byte {reader.TokenStartIndex} is too large");
                }

                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }
        }
        catch (InvalidOperationException)
        {
            throw JsonParsing.Unrecognized($"the text at byte {reader.TokenStartIndex} escapes half a character");
        }
        catch (JsonException)
        {
            // The parser will say it better.
        }
    }

    private static bool HasLargeExponent(ReadOnlySpan<byte> json)
    {
        for (int at = 0; ;)
        {
            int next = json[at..].IndexOfAny((byte)'e', (byte)'E');
            if (next < 0)
            {
                return false;
            }

            at += next + 1;
            if (at < 2 || !char.IsAsciiDigit((char)json[at - 2]))
            {
                continue;
            }

            int from = at < json.Length && json[at] == (byte)'+' ? at + 1 : at;
            int digits = 0;
            while (from + digits < json.Length && char.IsAsciiDigit((char)json[from + digits]))
            {
                digits++;
            }

            if (digits >= 3)
            {
                return true;
            }
        }
    }
}
