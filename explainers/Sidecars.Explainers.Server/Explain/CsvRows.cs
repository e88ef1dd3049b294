using System.Globalization;
using System.Text;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Server.Explain;

/// <summary>
/// Reads rows from a CSV one by one, so that a row with something wrong in it is only that row's matter. Columns are found
/// by name; a category is its name or its code; an empty cell of a number is a missing value.
/// </summary>
internal static class CsvRows
{
    private const int PassedOver = -1;

    /// <summary>Reads the rows.</summary>
    /// <exception cref="SidecarConfigurationException">The header does not name the features.</exception>
    public static List<InputRow> Read(string file, ReadOnlySpan<byte> csv, TabularSchema schema, Shard shard)
    {
        CategoryColumn?[] categories = [.. schema.Features.Select(static f => f.Categories is { } names ? new CategoryColumn(names) : null)];
        var reader = new CsvReader(csv);
        int[] columns = ReadHeader(ref reader, file, schema);
        List<InputRow> rows = [];
        for (long number = 0; reader.NextRecord(); number++)
        {
            if (shard.Has(number))
            {
                rows.Add(ReadRow(ref reader, number, columns, schema, categories));
            }
        }

        return rows;
    }

    private static int[] ReadHeader(ref CsvReader reader, string file, TabularSchema schema)
    {
        List<int> columns = [];
        string[] names = [.. schema.Features.Select(static f => f.Name)];
        if (reader.NextRecord())
        {
            while (reader.NextField(out ReadOnlySpan<byte> field))
            {
                string name = Encoding.UTF8.GetString(field);
                columns.Add(Array.IndexOf(names, name) is >= 0 and var feature ? feature : Array.IndexOf(names, name.Trim()));
            }
        }

        string[] missing = [.. names.Where((_, feature) => !columns.Contains(feature)).Select(static name => $"'{name}'")];
        string[] twice = [.. columns.Where(static c => c != PassedOver).GroupBy(static c => c).Where(static g => g.Count() > 1).Select(g => $"'{names[g.Key]}'")];
        return missing.Length > 0
            ? throw new SidecarConfigurationException($"{file} has no column {string.Join(", ", missing)}; its first line must name the artefact's features")
            : twice.Length > 0 ? throw new SidecarConfigurationException($"{file} has more than one column {string.Join(", ", twice)}")
            : [.. columns];
    }

    private static InputRow ReadRow(ref CsvReader reader, long number, int[] columns, TabularSchema schema, CategoryColumn?[] categories)
    {
        float[] values = new float[schema.Features.Count];
        string? error = null;
        int cells = 0;
        while (reader.NextField(out ReadOnlySpan<byte> field))
        {
            if (cells < columns.Length && columns[cells] is >= 0 and var feature && !TryRead(field, categories[feature], out values[feature]))
            {
                string expected = categories[feature] is { } column ? $"one of the categories {column.Some()}, or a code of one" : "a number";
                error ??= $"line {reader.Line}: '{schema.Features[feature].Name}' is '{Encoding.UTF8.GetString(field)}'; expected {expected}";
            }

            cells++;
        }

        error = reader.Broken is { } broken ? $"line {reader.Line}: {broken}"
            : cells != columns.Length ? $"line {reader.Line} has {cells} cells, the header {columns.Length}"
            : error;
        return new InputRow(number, error is null ? values : null, error);
    }

    private static bool TryRead(ReadOnlySpan<byte> field, CategoryColumn? categories, out float value)
    {
        if (categories is not null)
        {
            int code = categories.Find(Encoding.UTF8.GetString(field));
            value = code;
            return code >= 0;
        }

        value = float.NaN;
        return field.Trim((byte)' ').IsEmpty
            || (float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && !float.IsInfinity(value));
    }
}
