using System.Globalization;
using System.Runtime.InteropServices;

namespace Sidecars.Protocol;

/// <summary>Reads one V2 request or answer into its head and its tensors.</summary>
internal sealed class V2Reader(InferMessage message, string role, string? modelName)
{
    private readonly List<Tensor> _tensors = [];
    private readonly bool _isRequest = role == "input";
    private string? _id;
    private string? _modelName;
    private string? _modelVersion;
    private Dictionary<string, object>? _parameters;
    private List<RequestedOutput>? _requested;
    private bool _found;
    private int _rawAt;

    public (InferHead Head, IReadOnlyList<Tensor> Tensors) Read(ReadOnlySpan<byte> tensorsKey)
    {
        ReadOnlySpan<byte> json = message.Form == WireForm.V2Binary
            ? message.Body.Span[..message.JsonLength]
            : message.Body.Span;
        _rawAt = message.JsonLength;
        JsonParsing.RequireUtf8(json);
        var cursor = new JsonCursor(SkipBom(json), message.MaxDepth);
        if (!cursor.IsAt((byte)'{'))
        {
            throw cursor.Error("expected an object");
        }

        bool first = true;
        while (cursor.NextKey(ref first, out ReadOnlySpan<byte> key))
        {
            if (key.SequenceEqual(tensorsKey))
            {
                ReadTensors(ref cursor);
            }
            else if (key.SequenceEqual("id"u8))
            {
                _id = ReadText(ref cursor, "id");
            }
            else if (key.SequenceEqual("parameters"u8))
            {
                _parameters = _isRequest ? InferParameters.ReadOfRequest(ref cursor) : InferParameters.Read(ref cursor);
            }
            else if (_isRequest && key.SequenceEqual("outputs"u8))
            {
                ReadRequestedOutputs(ref cursor);
            }
            else if (key.SequenceEqual("model_name"u8))
            {
                _modelName = ReadText(ref cursor, "model_name");
            }
            else if (key.SequenceEqual("model_version"u8))
            {
                _modelVersion = ReadText(ref cursor, "model_version");
            }
            else
            {
                cursor.SkipValue();
            }
        }

        cursor.TakeEnd();
        return _found
            ? (new InferHead(_id, _modelName, _modelVersion, _parameters, _requested, message.Form == WireForm.V2Binary), _tensors)
            : throw InferenceException.InvalidInput($"the '{role}s' field is missing");
    }

    private static ReadOnlySpan<byte> SkipBom(ReadOnlySpan<byte> json) =>
        json.StartsWith("\uFEFF"u8) ? json[3..] : json;

    private static string? ReadText(ref JsonCursor cursor, string field)
    {
        if (cursor.TryReadNull())
        {
            return null;
        }

        return cursor.IsAt((byte)'"')
            ? cursor.ReadString()
            : throw InferenceException.InvalidInput($"the '{field}' must be a string");
    }

    private void ReadTensors(ref JsonCursor cursor)
    {
        _found = true;
        _tensors.Clear();
        if (!cursor.IsAt((byte)'['))
        {
            throw _isRequest ? V1Json.NotAList("inputs") : InferenceException.InvalidInput("'outputs' must be a list");
        }

        bool first = true;
        while (cursor.NextElement(ref first))
        {
            Shapes.CheckTensors(role, _tensors.Count);
            _tensors.Add(ReadTensor(ref cursor));
        }
    }

    private Tensor ReadTensor(ref JsonCursor cursor)
    {
        string? name = null, datatypeName = null;
        long[]? shape = null;
        Dictionary<string, object>? parameters = null;
        JsonTensors.Data data = default;
        int dataAt = -1;
        bool sizeIsNull = false;
        if (!cursor.IsAt((byte)'{'))
        {
            throw InferenceException.InvalidInput($"{role} {_tensors.Count} must be an object");
        }

        bool first = true;
        while (cursor.NextKey(ref first, out ReadOnlySpan<byte> key))
        {
            if (key.SequenceEqual("name"u8))
            {
                name = ReadText(ref cursor, $"name' of {role} '{_tensors.Count}");
            }
            else if (key.SequenceEqual("datatype"u8))
            {
                datatypeName = ReadText(ref cursor, $"datatype' of {role} '{name ?? _tensors.Count.ToString(CultureInfo.InvariantCulture)}");
            }
            else if (key.SequenceEqual("shape"u8))
            {
                shape = ReadShape(ref cursor, name);
            }
            else if (key.SequenceEqual("parameters"u8))
            {
                parameters = InferParameters.Read(ref cursor, "binary_data_size"u8, out sizeIsNull);
            }
            else if (key.SequenceEqual("data"u8))
            {
                if (cursor.TryReadNull())
                {
                    continue;
                }

                if (!cursor.IsAt((byte)'['))
                {
                    throw InferenceException.InvalidInput($"the 'data' of {role} '{name}' must be a list");
                }

                dataAt = cursor.Position;
                if (name is not null && datatypeName is not null && shape is not null)
                {
                    data = JsonTensors.Read(message, ref cursor, role, name, JsonDatatype(datatypeName, name), shape);
                }
                else
                {
                    cursor.SkipValue();
                }
            }
            else
            {
                cursor.SkipValue();
            }
        }

        name = name ?? throw InferenceException.InvalidInput($"{role} {_tensors.Count} has no 'name'");
        datatypeName = datatypeName ?? throw InferenceException.InvalidInput($"{role} '{name}' has no 'datatype'");
        shape = shape ?? throw InferenceException.InvalidInput($"{role} '{name}' has no 'shape'");
        if (dataAt >= 0)
        {
            Datatype datatype = JsonDatatype(datatypeName, name);
            if (!data.IsRead)
            {
                // The data came before what it means was known: read it again, now with the datatype.
                var again = new JsonCursor(cursor.Json, message.MaxDepth) { Position = dataAt };
                data = JsonTensors.Read(message, ref again, role, name, datatype, shape);
            }

            parameters?.Remove("binary_data_size");
            return new Tensor(name, datatype, shape, data.Bytes, parameters);
        }

        return sizeIsNull
            ? throw InferenceException.InvalidInput($"'binary_data_size' is not specified for {role} '{name}' for model '{modelName}'")
            : ReadBinary(name, datatypeName, shape, parameters);
    }

    private Tensor ReadBinary(string name, string datatypeName, long[] shape, Dictionary<string, object>? parameters)
    {
        if (parameters is null || !parameters.Remove("binary_data_size", out object? size))
        {
            throw InferenceException.InvalidInput($"'data' field is missing for {role} '{name}' for model '{modelName}'");
        }

        if (message.Form != WireForm.V2Binary)
        {
            throw InferenceException.InvalidInput(
                $"{role} '{name}' announces binary data, but the {V2Json.LengthHeader} header is missing");
        }

        if (!DatatypeFacts.TryParse(datatypeName, ignoreCase: true, out Datatype datatype))
        {
            throw InvalidDatatype();
        }

        if (size is not long length || length < 0 || length > message.Body.Length - _rawAt)
        {
            throw InferenceException.InvalidInput(
                $"{role} '{name}' announces {size} bytes of binary data, {message.Body.Length - _rawAt} are left in the body");
        }

        Memory<byte> raw = MemoryMarshal.AsMemory(message.Body).Slice(_rawAt, (int)length);
        _rawAt += (int)length;
        Shapes.CheckRaw(role, name, datatype, shape, raw.Span);
        return new Tensor(name, datatype, shape, raw, parameters.Count == 0 ? null : parameters);
    }

    private Datatype JsonDatatype(string datatypeName, string name)
    {
        if (!DatatypeFacts.TryParse(datatypeName, ignoreCase: true, out Datatype datatype) || datatype == Datatype.BF16)
        {
            throw InvalidDatatype();
        }

        return datatype;
    }

    private static InferenceException InvalidDatatype() =>
        InferenceException.InvalidInput("invalid datatype in the input");

    private long[] ReadShape(ref JsonCursor cursor, string? name)
    {
        if (!cursor.IsAt((byte)'['))
        {
            throw InferenceException.InvalidInput($"the 'shape' of {role} '{name}' must be a list of integers");
        }

        var shape = new List<long>(4);
        bool first = true;
        while (cursor.NextElement(ref first))
        {
            if (!cursor.TryReadInt64(out long dimension))
            {
                throw InferenceException.InvalidInput($"the 'shape' of {role} '{name}' must be a list of integers");
            }

            if (shape.Count == Shapes.MaxRank)
            {
                throw InferenceException.InvalidInput($"{role} '{name}' has more than {Shapes.MaxRank} dimensions");
            }

            shape.Add(dimension);
        }

        return [.. shape];
    }

    private void ReadRequestedOutputs(ref JsonCursor cursor)
    {
        if (cursor.TryReadNull())
        {
            return;
        }

        if (!cursor.IsAt((byte)'['))
        {
            throw InferenceException.InvalidInput("'outputs' must be a list");
        }

        List<RequestedOutput> outputs = [];
        bool first = true;
        while (cursor.NextElement(ref first))
        {
            string? name = null;
            Dictionary<string, object>? parameters = null;
            if (!cursor.IsAt((byte)'{'))
            {
                throw InferenceException.InvalidInput($"requested output {outputs.Count} must be an object");
            }

            bool firstKey = true;
            while (cursor.NextKey(ref firstKey, out ReadOnlySpan<byte> key))
            {
                if (key.SequenceEqual("name"u8))
                {
                    name = ReadText(ref cursor, $"name' of requested output '{outputs.Count}");
                }
                else if (key.SequenceEqual("parameters"u8))
                {
                    parameters = InferParameters.Read(ref cursor);
                }
                else
                {
                    cursor.SkipValue();
                }
            }

            bool? binary = null;
            if (parameters is not null && parameters.Remove("binary_data", out object? wish))
            {
                binary = wish is true or 1L or "true";
            }

            outputs.Add(new RequestedOutput(
                name ?? throw InferenceException.InvalidInput($"requested output {outputs.Count} has no 'name'"),
                binary,
                parameters is { Count: > 0 } ? parameters : null));
        }

        _requested = outputs.Count == 0 ? null : outputs;
    }
}
