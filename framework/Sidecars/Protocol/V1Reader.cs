using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Sidecars.Protocol;

/// <summary>
/// Turns the rows of a V1 document into tensors. The rules stand in docs/conversions.md; this is the one place that
/// knows them on the way from V1.
/// </summary>
internal sealed class V1Reader(InferMessage message, string role, IReadOnlyList<TensorMetadata>? declared)
{
    private static readonly Dictionary<string, object> s_jsonContent = new() { ["content_type"] = MediaTypes.Json };

    private readonly bool _isRequest = role == "input";

    /// <summary>Finds the rows under either key of the document and converts them.</summary>
    public IReadOnlyList<Tensor> Read(ReadOnlySpan<byte> rowKey, ReadOnlySpan<byte> columnKey)
    {
        ReadOnlySpan<byte> json = message.Body.Span;
        JsonParsing.RequireUtf8(json);
        var cursor = new JsonCursor(json, message.MaxDepth);
        byte start = cursor.Peek();
        IReadOnlyList<Tensor>? tensors = null;
        if (start == (byte)'{')
        {
            bool first = true;
            while (cursor.NextKey(ref first, out ReadOnlySpan<byte> key))
            {
                if (key.SequenceEqual(rowKey) || key.SequenceEqual(columnKey))
                {
                    bool isRows = key.SequenceEqual(rowKey);
                    tensors = ReadRows(ref cursor, isRows ? rowKey : columnKey, isRows);
                }
                else
                {
                    cursor.SkipValue();
                }
            }
        }
        else if (start == (byte)'[' && !_isRequest)
        {
            tensors = ReadRows(ref cursor, rowKey, isRows: true);
        }
        else
        {
            cursor.SkipValue();
        }

        cursor.TakeEnd();
        return tensors ?? (_isRequest
            ? throw InferenceException.InvalidInput(
                $"a V1 request becomes tensors only when it is an object with a list under \"{Encoding.UTF8.GetString(rowKey)}\"")
            : [WholeAsJson()]);
    }

    private IReadOnlyList<Tensor> ReadRows(ref JsonCursor cursor, ReadOnlySpan<byte> key, bool isRows)
    {
        if (cursor.Peek() != (byte)'[')
        {
            if (!isRows && cursor.Peek() == (byte)'{')
            {
                return ReadColumns(ref cursor);
            }

            throw V1Json.NotAList(Encoding.UTF8.GetString(key));
        }

        TensorMetadata? metadata = declared is { Count: > 0 } ? declared[0] : null;
        string name = metadata?.Name ?? role + "-0";
        if (FirstLeaf(cursor, out int depth) != (byte)'{')
        {
            return [ReadList(ref cursor, name, metadata)];
        }

        int from = cursor.Position;
        cursor.SkipValue();
        JsonElement rows = message.Own(JsonParsing.Parse(message.Body[from..cursor.Position], message.MaxDepth)).RootElement;
        if (depth > 1)
        {
            return [AsJson(name, rows)];
        }

        return IsBase64(rows[0]) ? [ReadBase64(name, rows)]
            : rows.EnumerateArray().Any(HoldsObjects) ? [AsJson(name, rows)]
            : ReadFields(rows);
    }

    /// <summary>Whether a row has fields that no tensor can hold: it then travels as a whole.</summary>
    private static bool HoldsObjects(JsonElement row) =>
        row.ValueKind == JsonValueKind.Object && row.EnumerateObject().Any(static field => IsObject(field.Value));

    private static bool IsObject(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => !IsBase64(value),
        JsonValueKind.Array => value.EnumerateArray().Any(IsObject),
        _ => false,
    };

    /// <summary>A list whose innermost values are numbers, booleans or texts: one tensor of the nested shape.</summary>
    private Tensor ReadList(ref JsonCursor cursor, string name, TensorMetadata? metadata)
    {
        int from = cursor.Position;
        byte leaf = FirstLeaf(cursor, out _);
        Datatype datatype = metadata?.Datatype ?? leaf switch
        {
            (byte)'"' => Datatype.BYTES,
            (byte)'t' or (byte)'f' => Datatype.BOOL,
            _ => _isRequest ? Datatype.FP32 : Datatype.FP64,
        };
        (Memory<byte> data, long[] shape) = ReadElements(ref cursor, name, datatype);
        if (metadata is null && datatype == Datatype.FP64 && leaf != (byte)']'
            && cursor.Json[from..cursor.Position].IndexOfAny(".eEn"u8) < 0)
        {
            // An answer keeps what the predictor said: whole numbers stay whole, while 64 bits hold them.
            var again = new JsonCursor(cursor.Json, message.MaxDepth) { Position = from };
            try
            {
                (data, shape) = ReadElements(ref again, name, Datatype.INT64);
                datatype = Datatype.INT64;
            }
            catch (InferenceException)
            {
                // Too large for INT64: the doubles stand.
            }
        }

        return new Tensor(name, datatype, Fit(shape, metadata), data);
    }

    private (Memory<byte> Data, long[] Shape) ReadElements(ref JsonCursor cursor, string name, Datatype datatype)
    {
        // FP16 and BF16 have no JSON form of their own; a model that declares them gets them rounded from floats.
        Datatype read = datatype.IsRawOnly() ? Datatype.FP32 : datatype;
        Span<int> dimensions = stackalloc int[Shapes.MaxRank];
        (Memory<byte> data, _) = JsonTensors.ReadElements(message, ref cursor, role, name, read, -1, dimensions, out int rank);
        long[] shape = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            shape[i] = dimensions[i];
        }

        return (read == datatype ? data : Narrow(data.Span, datatype), shape);
    }

    private static byte[] Narrow(Span<byte> singles, Datatype datatype)
    {
        ReadOnlySpan<float> from = MemoryMarshal.Cast<byte, float>(singles);
        byte[] narrow = new byte[from.Length * 2];
        if (datatype == Datatype.FP16)
        {
            Span<Half> to = MemoryMarshal.Cast<byte, Half>(narrow.AsSpan());
            for (int i = 0; i < from.Length; i++)
            {
                to[i] = (Half)from[i];
            }
        }
        else
        {
            Span<ushort> to = MemoryMarshal.Cast<byte, ushort>(narrow.AsSpan());
            for (int i = 0; i < from.Length; i++)
            {
                to[i] = (ushort)(BitConverter.SingleToUInt32Bits(from[i]) >> 16);
            }
        }

        return narrow;
    }

    /// <summary>Rows of named fields: one tensor per field, its first dimension the rows. Of a name that stands twice the last counts.</summary>
    private List<Tensor> ReadFields(JsonElement rows)
    {
        List<string> fields = [];
        var indexes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (JsonProperty property in rows[0].EnumerateObject())
        {
            if (indexes.TryAdd(property.Name, fields.Count))
            {
                fields.Add(property.Name);
            }
        }

        if (fields.Count > Shapes.MaxTensors)
        {
            throw InferenceException.InvalidInput($"instance 0 has {fields.Count} fields, at most {Shapes.MaxTensors} become tensors");
        }

        // They grow with the rows that have all fields: so many rows of so many fields need not be there.
        List<JsonElement>[] columns = [.. fields.Select(static _ => new List<JsonElement>())];
        var values = new JsonElement[fields.Count];
        int i = 0;
        foreach (JsonElement row in rows.EnumerateArray())
        {
            if (row.ValueKind != JsonValueKind.Object)
            {
                throw InferenceException.InvalidInput($"instance {i} is not an object, as instance 0 is");
            }

            int found = 0;
            Array.Clear(values);
            foreach (JsonProperty property in row.EnumerateObject())
            {
                if (!indexes.TryGetValue(property.Name, out int f))
                {
                    throw InferenceException.InvalidInput($"instance {i} has a field '{property.Name}', which instance 0 has not");
                }

                found += values[f].ValueKind == JsonValueKind.Undefined ? 1 : 0;
                values[f] = property.Value;
            }

            if (found != fields.Count)
            {
                int missing = Array.FindIndex(values, static v => v.ValueKind == JsonValueKind.Undefined);
                throw InferenceException.InvalidInput($"instance {i} has no field '{fields[missing]}', which instance 0 has");
            }

            for (int f = 0; f < values.Length; f++)
            {
                columns[f].Add(values[f]);
            }

            i++;
        }

        return [.. fields.Select((field, f) => ReadColumn(field, columns[f]))];
    }

    private Tensor ReadColumn(string name, List<JsonElement> values)
    {
        PooledBuffer text = message.Own(new PooledBuffer());
        text.Write((byte)'[');
        bool first = true;
        foreach (JsonElement value in values)
        {
            JsonText.Separate(text, ref first);
            text.Write(JsonMarshal.GetRawUtf8Value(value));
        }

        text.Write((byte)']');
        var cursor = new JsonCursor(text.WrittenSpan, message.MaxDepth);
        return ReadColumnText(ref cursor, name, text.WrittenMemory);
    }

    private Tensor ReadColumnText(ref JsonCursor cursor, string name, ReadOnlyMemory<byte> text)
    {
        if (FirstLeaf(cursor, out int depth) != (byte)'{')
        {
            return ReadList(ref cursor, name, declared?.FirstOrDefault(d => d.Name == name));
        }

        int from = cursor.Position;
        cursor.SkipValue();
        JsonElement values = message.Own(JsonParsing.Parse(text[from..cursor.Position], message.MaxDepth)).RootElement;
        return depth == 1 && IsBase64(values[0]) ? ReadBase64(name, values) : AsJson(name, values);
    }

    /// <summary>TensorFlow Serving's column form: an object of lists, one tensor each.</summary>
    private List<Tensor> ReadColumns(ref JsonCursor cursor)
    {
        List<Tensor> tensors = [];
        bool first = true;
        while (cursor.NextKey(ref first, out ReadOnlySpan<byte> key))
        {
            Shapes.CheckTensors(role, tensors.Count);
            string name = Encoding.UTF8.GetString(key);
            if (cursor.Peek() != (byte)'[')
            {
                throw V1Json.NotAList(name);
            }

            tensors.Add(ReadColumnText(ref cursor, name, message.Body));
        }

        return tensors;
    }

    /// <summary>Bytes in TensorFlow Serving's form, {"b64": "…"}.</summary>
    private Tensor ReadBase64(string name, JsonElement values)
    {
        PooledBuffer packed = message.Own(new PooledBuffer());
        int i = 0;
        foreach (JsonElement value in values.EnumerateArray())
        {
            if (!IsBase64(value) || !value.GetProperty("b64"u8).TryGetBytesFromBase64(out byte[]? bytes))
            {
                throw InferenceException.InvalidInput($"{role} '{name}': element {i} is not {{\"b64\": …}} with base64 text");
            }

            BytesElements.Append(packed, bytes);
            i++;
        }

        return new Tensor(name, Datatype.BYTES, [i], packed.WrittenMemory);
    }

    /// <summary>What no tensor can hold travels as text: one BYTES element of JSON per value.</summary>
    private Tensor AsJson(string name, JsonElement values)
    {
        PooledBuffer packed = message.Own(new PooledBuffer());
        int count = 0;
        foreach (JsonElement value in values.EnumerateArray())
        {
            BytesElements.Append(packed, JsonMarshal.GetRawUtf8Value(value));
            count++;
        }

        return new Tensor(name, Datatype.BYTES, [count], packed.WrittenMemory, s_jsonContent);
    }

    private Tensor WholeAsJson()
    {
        PooledBuffer packed = message.Own(new PooledBuffer());
        BytesElements.Append(packed, message.Body.Span);
        return new Tensor(role + "-0", Datatype.BYTES, [1], packed.WrittenMemory, s_jsonContent);
    }

    private static bool IsBase64(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
        && value.TryGetProperty("b64"u8, out JsonElement text) && text.ValueKind == JsonValueKind.String
        && value.EnumerateObject().Count() == 1;

    /// <summary>The first byte of the innermost first value, which tells what kind of list this is.</summary>
    private static byte FirstLeaf(JsonCursor cursor, out int depth)
    {
        depth = 0;
        while (cursor.Peek() == (byte)'[')
        {
            cursor.Position++;
            depth++;
        }

        return cursor.Peek();
    }

    /// <summary>A column [n] where the model declares [-1, 1] becomes [n, 1].</summary>
    private static long[] Fit(long[] shape, TensorMetadata? metadata) =>
        metadata is not null && metadata.Shape.Length == shape.Length + 1 && metadata.Shape[^1] == 1 ? [.. shape, 1] : shape;
}
