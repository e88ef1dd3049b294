using System.Globalization;
using System.Text.Json;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Serving;

/// <summary>
/// Reads the rows of a request: JSON rows as lists or as objects of named features, one tensor of rows, or one tensor for
/// each feature; categories by name or by code. What is wrong is said with the row and the feature.
/// </summary>
internal sealed class RowReader
{
    // For so many there is room before the first is read.
    private const int FirstRows = 256;

    private readonly TabularSchema _schema;
    private readonly CategoryColumn?[] _categories;
    private readonly Dictionary<string, int> _byName;

    public RowReader(TabularSchema schema)
    {
        _schema = schema;
        _categories = [.. schema.Features.Select(static f => f.Categories is { } names ? new CategoryColumn(names) : null)];
        _byName = schema.Features.Select(static (f, i) => (f.Name, i)).ToDictionary(static p => p.Name, static p => p.i, StringComparer.Ordinal);
    }

    private int Features => _categories.Length;

    /// <summary>Reads the rows.</summary>
    /// <param name="request">The request.</param>
    /// <param name="asJson">Whether it is a JSON document with <c>instances</c>; else its tensors are read.</param>
    /// <exception cref="InferenceException">There are none, or they are not as the schema has them.</exception>
    public RequestedRows Read(InferRequest request, bool asJson)
    {
        RequestedRows rows = asJson ? ReadJson(request.Instances) : ReadTensors(request.Inputs);
        return rows.Data.Rows > 0 ? rows : throw InferenceException.InvalidInput("there is no row to explain");
    }

    private RequestedRows ReadJson(JsonElement instances)
    {
        // Room is made as rows are read: a list of nothing is two bytes, and would be a row of many numbers.
        int count = instances.GetArrayLength();
        float[] values = new float[Size(Math.Min(count, FirstRows))];
        bool[] named = new bool[Features];
        var form = RowForm.Lists;
        int row = 0;
        foreach (JsonElement instance in instances.EnumerateArray())
        {
            if ((row + 1) * Features > values.Length)
            {
                Array.Resize(ref values, Size(Math.Min(count, 2L * row)));
            }

            Span<float> into = values.AsSpan(row * Features, Features);
            switch (instance.ValueKind)
            {
                case JsonValueKind.Array:
                    ReadList(instance, row, into, named);
                    break;
                case JsonValueKind.Object:
                    form = RowForm.Objects;
                    ReadObject(instance, row, into, named);
                    break;
                default:
                    throw InferenceException.InvalidInput(
                        $"row {row} must be a list of {Features} values or an object of named features, it is {DocumentNode.Kind(instance)}");
            }

            row++;
        }

        return new RequestedRows(new TabularData(values, Features), form, named);
    }

    private void ReadList(JsonElement instance, int row, Span<float> into, bool[] named)
    {
        if (instance.GetArrayLength() != Features)
        {
            throw WrongCount(row, instance.GetArrayLength());
        }

        int feature = 0;
        foreach (JsonElement value in instance.EnumerateArray())
        {
            into[feature] = ReadValue(value, row, feature, named);
            feature++;
        }
    }

    private void ReadObject(JsonElement instance, int row, Span<float> into, bool[] named)
    {
        for (int feature = 0; feature < Features; feature++)
        {
            into[feature] = instance.TryGetProperty(_schema.Features[feature].Name, out JsonElement value)
                ? ReadValue(value, row, feature, named)
                : throw Missing($"row {row}: ", feature);
        }
    }

    private float ReadValue(JsonElement value, int row, int feature, bool[] named)
    {
        if (_categories[feature] is not null)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.String:
                    named[feature] = true;
                    return ReadCategory(value.GetString(), row, feature);
                case JsonValueKind.Number:
                    return ReadCode(value.GetDouble(), row, feature);
                default:
                    throw NoCategory(DocumentNode.Kind(value), row, feature);
            }
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return float.NaN;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) && float.IsFinite(number)
            ? number
            : throw NoNumber(DocumentNode.Kind(value), row, feature);
    }

    private RequestedRows ReadTensors(IReadOnlyList<Tensor> tensors)
    {
        if (tensors.Count == 0)
        {
            throw InferenceException.InvalidInput("there is no input: give one tensor [rows, features], or one tensor for each feature");
        }

        return tensors.Count == 1 && !IsColumn(tensors[0]) ? ReadMatrix(tensors[0]) : ReadColumns(tensors);
    }

    private bool IsColumn(Tensor tensor) =>
        _byName.ContainsKey(tensor.Name) && (tensor.Shape.Length == 1 || (tensor.Shape.Length == 2 && tensor.Shape[1] == 1));

    private RequestedRows ReadMatrix(Tensor tensor)
    {
        long columns = tensor.Shape.Length == 0 ? 1 : tensor.Shape[^1];
        if (tensor.Shape.Length is < 1 or > 2 || columns != Features)
        {
            throw InferenceException.InvalidInput(
                $"input '{tensor.Name}' has the shape [{string.Join(", ", tensor.Shape.ToArray())}], [rows, {Features}] is expected: {SomeFeatures()}; "
                + "or give one tensor for each feature, of its name");
        }

        bool[] named = new bool[Features];
        float[] values;
        if (tensor.Datatype == Datatype.BYTES)
        {
            string[] texts = tensor.ReadStrings();
            values = [.. texts.Select((text, i) => ReadText(text, i / Features, i % Features, named))];
        }
        else
        {
            values = tensor.ToArray<float>();
            Check(values, static (i, features) => (i / features, i % features));
        }

        return new RequestedRows(new TabularData(values, Features), RowForm.Matrix, named, [tensor.Name]);
    }

    private RequestedRows ReadColumns(IReadOnlyList<Tensor> tensors)
    {
        var byFeature = new Tensor?[Features];
        foreach (Tensor tensor in tensors)
        {
            if (!_byName.TryGetValue(tensor.Name, out int feature))
            {
                throw InferenceException.InvalidInput($"there is no feature '{tensor.Name}'; the features are: {SomeFeatures()}");
            }

            byFeature[feature] = tensor;
        }

        int missing = Array.IndexOf(byFeature, null);
        if (missing >= 0)
        {
            throw Missing("", missing);
        }

        int rows = byFeature[0]!.Count;
        foreach (Tensor tensor in byFeature.OfType<Tensor>())
        {
            CheckColumn(tensor, rows);
        }

        float[] values = new float[Size(rows)];
        bool[] named = new bool[Features];
        for (int feature = 0; feature < Features; feature++)
        {
            ReadColumn(byFeature[feature]!, feature, rows, values, named);
        }

        return new RequestedRows(new TabularData(values, Features), RowForm.Columns, named, [.. tensors.Select(static t => t.Name)]);
    }

    /// <summary>How many numbers so many rows are.</summary>
    private int Size(long rows) => rows * Features <= Array.MaxLength ? (int)(rows * Features)
        : throw new InferenceException(ErrorKind.PayloadTooLarge, $"{rows} rows of {Features} values are too many for one request");

    private void CheckColumn(Tensor tensor, int rows)
    {
        if (tensor.Count != rows || tensor.Shape.Length > 2 || (tensor.Shape.Length == 2 && tensor.Shape[1] != 1))
        {
            throw InferenceException.InvalidInput(
                $"feature '{tensor.Name}' has the shape [{string.Join(", ", tensor.Shape.ToArray())}], '{_schema.Features[0].Name}' has {rows} rows");
        }
    }

    private void ReadColumn(Tensor tensor, int feature, int rows, float[] values, bool[] named)
    {
        if (tensor.Datatype == Datatype.BYTES)
        {
            string[] texts = tensor.ReadStrings();
            for (int row = 0; row < rows; row++)
            {
                values[(row * Features) + feature] = ReadText(texts[row], row, feature, named);
            }

            return;
        }

        float[] numbers = tensor.ToArray<float>();
        for (int row = 0; row < rows; row++)
        {
            values[(row * Features) + feature] = numbers[row];
        }

        Check(numbers, (i, _) => (i, feature));
    }

    /// <summary>Numbers of tensors may be codes, which must be those of categories.</summary>
    private void Check(float[] numbers, Func<int, int, (int Row, int Feature)> where)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            (int row, int feature) = where(i, Features);
            if (_categories[feature] is not null)
            {
                ReadCode(numbers[i], row, feature);
            }
            else if (float.IsInfinity(numbers[i]))
            {
                throw NoNumber("infinite", row, feature);
            }
        }
    }

    private float ReadText(string text, int row, int feature, bool[] named)
    {
        if (_categories[feature] is not null)
        {
            named[feature] = true;
            return ReadCategory(text, row, feature);
        }

        return text.Length == 0 ? float.NaN
            : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) && !float.IsInfinity(number) ? number
            : throw NoNumber($"'{text}'", row, feature);
    }

    private float ReadCategory(string? text, int row, int feature)
    {
        int code = _categories[feature]!.Find(text);
        return code >= 0 ? code : throw NoCategory($"'{text}'", row, feature);
    }

    private float ReadCode(double code, int row, int feature) =>
        code >= 0 && code < _categories[feature]!.Names.Count && code == Math.Floor(code)
            ? (float)code
            : throw NoCategory(code.ToString(CultureInfo.InvariantCulture), row, feature);

    private InferenceException Missing(string where, int feature) =>
        InferenceException.InvalidInput($"{where}feature '{_schema.Features[feature].Name}' is missing");

    private InferenceException WrongCount(int row, int count) =>
        InferenceException.InvalidInput($"row {row} has {count} values, {Features} are expected: {SomeFeatures()}");

    private InferenceException NoNumber(string value, int row, int feature) =>
        InferenceException.InvalidInput($"row {row}: feature '{_schema.Features[feature].Name}' is {value}, a number is expected");

    private InferenceException NoCategory(string value, int row, int feature) => InferenceException.InvalidInput(
        $"row {row}: feature '{_schema.Features[feature].Name}' is {value}, no category of it; known: {_categories[feature]!.Some()}, or their codes from 0");

    private string SomeFeatures() => string.Join(", ", _schema.Features.Take(10).Select(static f => f.Name))
        + (Features > 10 ? $" and {Features - 10} more" : "");
}
