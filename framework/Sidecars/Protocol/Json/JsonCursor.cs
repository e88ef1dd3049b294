using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sidecars.Protocol;

/// <summary>
/// Walks strict JSON text of a known structure without building a document. Values that nobody asked for are skipped,
/// and checked on the way. Errors are 400s with KServe's prefix and the byte they were found at.
/// </summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> json, int maxDepth)
{
    private readonly ReadOnlySpan<byte> _json = json;

    public int Position;

    public readonly ReadOnlySpan<byte> Json => _json;

    /// <summary>The next byte that is not white space, without taking it; 0 at the end.</summary>
    public byte Peek()
    {
        ReadOnlySpan<byte> json = _json;
        int at = Position;
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        Position = at;
        return at < json.Length ? json[at] : (byte)0;
    }

    /// <summary>Whether a value of one kind begins here; the end of the text is an error of its own.</summary>
    public bool IsAt(byte start) => Peek() == start || (Position >= _json.Length ? throw Error("expected a value") : false);

    public bool TryTake(byte expected)
    {
        if (Peek() != expected)
        {
            return false;
        }

        Position++;
        return true;
    }

    public void Take(byte expected)
    {
        if (!TryTake(expected))
        {
            throw Error($"expected '{(char)expected}'");
        }
    }

    /// <summary>Moves into an object or past a comma to the next key; false at the closing brace.</summary>
    /// <param name="first">True before the first key; set to false.</param>
    /// <param name="key">The key's bytes, unescaped.</param>
    public bool NextKey(ref bool first, out ReadOnlySpan<byte> key)
    {
        if (first)
        {
            Take((byte)'{');
            first = false;
            if (TryTake((byte)'}'))
            {
                key = default;
                return false;
            }
        }
        else if (TryTake((byte)'}'))
        {
            key = default;
            return false;
        }
        else
        {
            Take((byte)',');
        }

        key = ReadStringBytes();
        Take((byte)':');
        return true;
    }

    /// <summary>Moves into an array or past a comma to the next element; false at the closing bracket.</summary>
    public bool NextElement(ref bool first)
    {
        if (first)
        {
            Take((byte)'[');
            first = false;
            return !TryTake((byte)']');
        }

        if (TryTake((byte)']'))
        {
            return false;
        }

        Take((byte)',');
        return true;
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadStringBytes());

    /// <summary>The bytes of a string: a view of the text, or a copy when it has escapes.</summary>
    public ReadOnlySpan<byte> ReadStringBytes()
    {
        if (Peek() != (byte)'"')
        {
            throw Error("expected a string");
        }

        ReadOnlySpan<byte> rest = _json[(Position + 1)..];
        int end = rest.IndexOfAny((byte)'"', (byte)'\\');
        if (end >= 0 && rest[end] == (byte)'"' && !rest[..end].ContainsAnyInRange((byte)0, (byte)0x1F))
        {
            Position += end + 2;
            return rest[..end];
        }

        Utf8JsonReader reader = ValueReader();
        byte[] unescaped = new byte[reader.ValueSpan.Length];
        try
        {
            return unescaped.AsSpan(0, reader.CopyString(unescaped));
        }
        catch (InvalidOperationException)
        {
            throw JsonParsing.Unrecognized($"the text that ends at byte {Position} escapes half a character");
        }
    }

    /// <summary>A whole number; <c>2.0</c> and <c>"2"</c> are taken as well, as KServe takes them in shapes.</summary>
    public bool TryReadInt64(out long value)
    {
        int start = Position;
        if (Peek() == (byte)'"')
        {
            return long.TryParse(ReadStringBytes(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        }

        Utf8JsonReader reader = ValueReader();
        if (reader.TokenType == JsonTokenType.Number)
        {
            if (reader.TryGetInt64(out value))
            {
                return true;
            }

            if (reader.TryGetDouble(out double number) && Math.Abs(number) < 1e15 && number == Math.Floor(number))
            {
                value = (long)number;
                return true;
            }
        }

        Position = start;
        value = 0;
        return false;
    }

    /// <summary>A parameter's value: bool, long, ulong, double or string; null for a JSON null or anything else.</summary>
    public object? ReadScalar(out bool isScalar)
    {
        isScalar = true;
        if (Peek() == (byte)'"')
        {
            return ReadString();
        }

        Utf8JsonReader reader = ValueReader();
        switch (reader.TokenType)
        {
            case JsonTokenType.True: return true;
            case JsonTokenType.False: return false;
            case JsonTokenType.Null: return null;
            case JsonTokenType.Number:
                return reader.TryGetInt64(out long integer) ? (object)integer
                    : reader.TryGetUInt64(out ulong unsigned) ? (object)unsigned
                    : reader.GetDouble();
            default:
                isScalar = false;
                return null;
        }
    }

    public bool TryReadNull()
    {
        if (Peek() == (byte)'n' && _json[Position..].StartsWith("null"u8))
        {
            Position += 4;
            return true;
        }

        return false;
    }

    /// <summary>Skips one value of any kind, checking that it is well formed.</summary>
    public void SkipValue() => ValueReader();

    public void TakeEnd()
    {
        if (Peek() != 0 || Position < _json.Length)
        {
            throw Error("there is more after the end of the JSON text");
        }
    }

    public readonly InferenceException Error(string reason) =>
        Position >= _json.Length
            ? JsonParsing.Unrecognized($"the JSON text ends too early, at byte {_json.Length}")
            : JsonParsing.Unrecognized($"{reason} at byte {Position}, found '{Printable(_json[Position])}'");

    private static string Printable(byte b) => b is >= 0x20 and < 0x7F ? ((char)b).ToString() : $"\\x{b:X2}";

    /// <summary>A reader on the value here; this cursor moves behind the value.</summary>
    private Utf8JsonReader ValueReader()
    {
        byte next = Peek();
        if (next == 0)
        {
            throw Error("expected a value");
        }

        var reader = new Utf8JsonReader(
            _json[Position..],
            isFinalBlock: next is (byte)'{' or (byte)'[' or (byte)'"' || !Delimited(_json[Position..]),
            new JsonReaderState(new JsonReaderOptions { MaxDepth = maxDepth }));
        try
        {
            if (!reader.Read())
            {
                throw Error("expected a value");
            }

            Utf8JsonReader atValue = reader;
            if (!reader.TrySkip())
            {
                throw JsonParsing.Unrecognized($"the JSON text ends too early, at byte {_json.Length}");
            }

            Position += (int)reader.BytesConsumed;
            return atValue;
        }
        catch (JsonException e)
        {
            throw JsonParsing.Unrecognized(
                $"{JsonParsing.Describe(e)} in the value that starts at byte {Position}");
        }
    }

    /// <summary>Whether a scalar ends before the text does: the reader then need not see the rest as part of it.</summary>
    private static bool Delimited(ReadOnlySpan<byte> text) => text.IndexOfAny(",]} \n\r\t"u8) >= 0;
}
