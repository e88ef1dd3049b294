using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Sidecars.Protocol;

/// <summary>Writes JSON the way KServe does: compact, UTF-8 unescaped, numbers in their shortest form.</summary>
internal static class JsonText
{
    private static readonly SearchValues<char> s_escaped = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000B\f\r\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F");

    private static readonly SearchValues<byte> s_escapedBytes = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    public static void WriteString(PooledBuffer to, ReadOnlySpan<char> text)
    {
        to.Write((byte)'"');
        while (true)
        {
            int special = text.IndexOfAny(s_escaped);
            ReadOnlySpan<char> plain = special < 0 ? text : text[..special];
            to.Advance(Encoding.UTF8.GetBytes(plain, to.GetSpan(Encoding.UTF8.GetMaxByteCount(plain.Length))));
            if (special < 0)
            {
                break;
            }

            WriteEscape(to, text[special]);
            text = text[(special + 1)..];
        }

        to.Write((byte)'"');
    }

    /// <summary>Writes UTF-8 text as a JSON string. The caller has checked that it is UTF-8.</summary>
    public static void WriteString(PooledBuffer to, ReadOnlySpan<byte> utf8)
    {
        to.Write((byte)'"');
        while (true)
        {
            int special = utf8.IndexOfAny(s_escapedBytes);
            to.Write(special < 0 ? utf8 : utf8[..special]);
            if (special < 0)
            {
                break;
            }

            WriteEscape(to, (char)utf8[special]);
            utf8 = utf8[(special + 1)..];
        }

        to.Write((byte)'"');
    }

    public static void WriteNullable(PooledBuffer to, string? text)
    {
        if (text is null)
        {
            to.Write("null"u8);
        }
        else
        {
            WriteString(to, text.AsSpan());
        }
    }

    public static void WriteInteger(PooledBuffer to, long value)
    {
        Utf8Formatter.TryFormat(value, to.GetSpan(20), out int written);
        to.Advance(written);
    }

    public static void WriteInteger(PooledBuffer to, ulong value)
    {
        Utf8Formatter.TryFormat(value, to.GetSpan(20), out int written);
        to.Advance(written);
    }

    public static void WriteDouble(PooledBuffer to, double value)
    {
        if (!double.IsFinite(value))
        {
            to.Write("null"u8);
            return;
        }

        to.Advance(NumberWriter.Write(value, to.GetSpan(NumberWriter.MaxLength)));
    }

    public static void WriteParameters(PooledBuffer to, IReadOnlyDictionary<string, object> parameters, long binarySize = -1)
    {
        to.Write((byte)'{');
        bool first = true;
        foreach ((string name, object value) in parameters)
        {
            Separate(to, ref first);
            WriteString(to, name.AsSpan());
            to.Write((byte)':');
            switch (value)
            {
                case bool b: to.Write(b ? "true"u8 : "false"u8); break;
                case long l: WriteInteger(to, l); break;
                case int i: WriteInteger(to, i); break;
                case ulong u: WriteInteger(to, u); break;
                case double d: WriteDouble(to, d); break;
                case float f: WriteDouble(to, f); break;
                case string s: WriteString(to, s.AsSpan()); break;
                case JsonElement e: WriteElement(to, e); break;
                default:
                    throw new ArgumentException(
                        $"Parameter '{name}' is a {value.GetType().Name}; numbers, booleans and strings are possible.", nameof(parameters));
            }
        }

        if (binarySize >= 0)
        {
            Separate(to, ref first);
            to.Write("\"binary_data_size\":"u8);
            WriteInteger(to, binarySize);
        }

        to.Write((byte)'}');
    }

    /// <summary>Writes a value as it is but for white space, and numbers past 64 bits, which become doubles.</summary>
    public static void WriteElement(PooledBuffer to, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                to.Write((byte)'{');
                bool first = true;
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    Separate(to, ref first);
                    WriteString(to, property.Name.AsSpan());
                    to.Write((byte)':');
                    WriteElement(to, property.Value);
                }

                to.Write((byte)'}');
                break;
            case JsonValueKind.Array:
                to.Write((byte)'[');
                bool firstItem = true;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Separate(to, ref firstItem);
                    WriteElement(to, item);
                }

                to.Write((byte)']');
                break;
            case JsonValueKind.String: WriteString(to, element.GetString().AsSpan()); break;
            case JsonValueKind.True: to.Write("true"u8); break;
            case JsonValueKind.False: to.Write("false"u8); break;
            case JsonValueKind.Number:
                if (element.TryGetInt64(out long integer))
                {
                    WriteInteger(to, integer);
                }
                else if (element.TryGetUInt64(out ulong unsigned))
                {
                    WriteInteger(to, unsigned);
                }
                else
                {
                    WriteDouble(to, element.GetDouble());
                }

                break;
            default: to.Write("null"u8); break;
        }
    }

    public static void Separate(PooledBuffer to, ref bool first)
    {
        if (!first)
        {
            to.Write((byte)',');
        }

        first = false;
    }

    private static void WriteEscape(PooledBuffer to, char c)
    {
        ReadOnlySpan<byte> escape = c switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\b' => "\\b"u8,
            '\f' => "\\f"u8,
            '\n' => "\\n"u8,
            '\r' => "\\r"u8,
            '\t' => "\\t"u8,
            _ => default,
        };
        if (escape.IsEmpty)
        {
            to.Write("\\u00"u8);
            to.Write((byte)"0123456789abcdef"[c >> 4]);
            to.Write((byte)"0123456789abcdef"[c & 15]);
        }
        else
        {
            to.Write(escape);
        }
    }
}
