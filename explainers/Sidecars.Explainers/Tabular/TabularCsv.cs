using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sidecars.Explainers.Tabular;

/// <summary>
/// Reads rows of a schema's features from CSV. Columns are found by their names in the header, wherever they stand; other
/// columns are passed over. An empty cell of a numeric column is a missing value, NaN.
/// </summary>
internal sealed class TabularCsv
{
    /// <summary>The column that weighs the rows of a background, unless a feature has this name.</summary>
    public const string WeightColumn = "weight";

    private const int Ignored = -1, Weight = -2, MostPerFile = 20;

    private readonly string _file;
    private readonly TabularSchema _schema;
    private readonly Problems _problems;
    private readonly CategoryColumn?[] _categories;
    private readonly List<double> _weights = [];
    private float[] _values = [];
    private int _rows;
    private int _told;
    private int _untold;

    private TabularCsv(string file, TabularSchema schema, Problems problems)
    {
        _file = file;
        _schema = schema;
        _problems = problems;
        _categories = [.. schema.Features.Select(static f => f.Categories is { } names ? new CategoryColumn(names) : null)];
    }

    /// <summary>Reads all rows.</summary>
    /// <param name="file">What the text is called in problems.</param>
    /// <param name="csv">The text.</param>
    /// <param name="schema">What the columns are.</param>
    /// <param name="problems">Where everything that is wrong goes.</param>
    /// <returns>The rows, and their weights where there are some; null when there were problems.</returns>
    public static (TabularData Data, double[]? Weights)? Read(string file, ReadOnlySpan<byte> csv, TabularSchema schema, Problems problems)
    {
        var reading = new TabularCsv(file, schema, problems);
        int before = problems.Count;
        reading.Read(csv);
        if (problems.Count > before)
        {
            return null;
        }

        var data = new TabularData(reading._values.AsSpan(0, reading._rows * schema.Features.Count).ToArray(), schema.Features.Count);
        return (data, reading._weights.Count > 0 ? [.. reading._weights] : null);
    }

    /// <summary>Writes rows as such a text: categories by name, numbers in the shortest form that reads back the same.</summary>
    public static void Write(Stream stream, TabularSchema schema, TabularData data, ReadOnlyMemory<double> weights = default)
    {
        using var text = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        text.WriteLine(string.Join(',', schema.Features.Select(static f => Quote(f.Name)).Concat(weights.IsEmpty ? [] : [WeightColumn])));
        for (int row = 0; row < data.Rows; row++)
        {
            for (int f = 0; f < data.Features; f++)
            {
                float value = data[row][f];
                text.Write(f > 0 ? "," : "");
                text.Write(float.IsNaN(value) ? ""
                    : schema.Features[f].Categories is { } names ? Quote(names[(int)value])
                    : value.ToString("R", CultureInfo.InvariantCulture));
            }

            text.WriteLine(weights.IsEmpty ? "" : "," + weights.Span[row].ToString("R", CultureInfo.InvariantCulture));
        }
    }

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : text;

    private void Read(ReadOnlySpan<byte> csv)
    {
        var reader = new CsvReader(csv);
        if (!reader.NextRecord())
        {
            _problems.Add($"{_file} is empty: its first line must name the features");
            return;
        }

        if (ReadHeader(ref reader) is not { } columns)
        {
            return;
        }

        // A guess that is right for rows of equal length spares most of the growing.
        _values = new float[Math.Max(1, csv.Length / Math.Max(columns.Length * 4, 1)) * _schema.Features.Count];
        while (reader.NextRecord())
        {
            ReadRow(ref reader, columns);
        }

        if (_rows == 0)
        {
            _problems.Add($"{_file} has no rows");
        }

        for (int f = 0; f < _categories.Length; f++)
        {
            if (_categories[f]?.Settle((row, code) => _values[(row * _categories.Length) + f] = code) == false)
            {
                _problems.Add($"{_file}, column '{_schema.Features[f].Name}': some values are names of categories and others codes, which cannot be told apart here");
            }
        }

        if (_untold > 0)
        {
            _problems.Add($"{_file}: {_untold} more of this kind");
        }
    }

    private int[]? ReadHeader(ref CsvReader reader)
    {
        List<int> columns = [];
        int[] foundAt = new int[_schema.Features.Count];
        bool wrong = false;
        while (reader.NextField(out ReadOnlySpan<byte> field))
        {
            string name = Encoding.UTF8.GetString(field);
            int feature = IndexOf(name);
            feature = feature < 0 ? IndexOf(name.Trim()) : feature;
            if (feature >= 0 && foundAt[feature]++ > 0)
            {
                _problems.Add($"{_file} has two columns '{name}'");
                wrong = true;
            }

            columns.Add(feature >= 0 ? feature : name.Trim() == WeightColumn ? Weight : Ignored);
        }

        string[] missing = [.. _schema.Features.Where((_, f) => foundAt[f] == 0).Select(static f => $"'{f.Name}'")];
        if (missing.Length > 0)
        {
            _problems.Add($"{_file} has no column {string.Join(", ", missing.Take(MostPerFile))}{(missing.Length > MostPerFile ? ", …" : "")}; its first line must name the features");
        }

        return wrong || missing.Length > 0 ? null : [.. columns];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadRow(ref CsvReader reader, int[] columns)
    {
        int features = _categories.Length;
        if (_values.Length < (_rows + 1) * features)
        {
            Array.Resize(ref _values, Math.Max((_rows + 1) * features, _values.Length * 2));
        }

        Span<float> row = _values.AsSpan(_rows * features, features);
        int read = 0;
        for (; read < columns.Length && reader.NextField(out ReadOnlySpan<byte> field); read++)
        {
            int column = columns[read];
            if (column >= 0)
            {
                row[column] = ReadValue(field, column, reader.Line);
            }
            else if (column == Weight)
            {
                _weights.Add(ReadWeight(field, reader.Line));
            }
        }

        int count = read + reader.CountRest();
        if (reader.Broken is { } broken)
        {
            Tell($"{Where(reader.Line)}: {broken}");
        }
        else if (count != columns.Length)
        {
            Tell($"{Where(reader.Line)} has {count} fields, the first line has {columns.Length}");
        }

        _rows++;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float ReadValue(ReadOnlySpan<byte> field, int feature, int line)
    {
        if (_categories[feature] is { } categories)
        {
            int code = categories.Next(field);
            if (code < 0)
            {
                Tell($"{Where(line)}, column '{_schema.Features[feature].Name}': '{Show(field)}' is no category; known: {categories.Some()}");
            }

            return code;
        }

        if (ShortNumber.TryDecimal(field, out float value) || float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            if (float.IsInfinity(value))
            {
                Tell($"{Where(line)}, column '{_schema.Features[feature].Name}': '{Show(field)}' is past what a 32-bit float holds");
            }

            return value;
        }

        if (!field.Trim((byte)' ').IsEmpty)
        {
            Tell($"{Where(line)}, column '{_schema.Features[feature].Name}': '{Show(field)}' is no number");
        }

        return float.NaN;
    }

    private double ReadWeight(ReadOnlySpan<byte> field, int line)
    {
        if (double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight) && weight > 0 && double.IsFinite(weight))
        {
            return weight;
        }

        Tell($"{Where(line)}, column '{WeightColumn}': '{Show(field)}' is no number above 0");
        return 1;
    }

    private int IndexOf(string name)
    {
        for (int f = 0; f < _schema.Features.Count; f++)
        {
            if (_schema.Features[f].Name == name)
            {
                return f;
            }
        }

        return -1;
    }

    private void Tell(string problem)
    {
        if (_told < MostPerFile)
        {
            _told++;
            _problems.Add(problem);
        }
        else
        {
            _untold++;
        }
    }

    private string Where(int line) => $"{_file} line {line} (row {_rows})";

    private static string Show(ReadOnlySpan<byte> field) =>
        Encoding.UTF8.GetString(field.Length > 60 ? field[..60] : field) + (field.Length > 60 ? "…" : "");
}
