using System.Globalization;

namespace Sidecars.Explainers.Server.Fit;

/// <summary>
/// Decides what a column is, and turns its cells into numbers or codes. A column with any text in it holds categories; so
/// does one of whole numbers that the user names. Categories of text are numbered in the order of their characters' codes,
/// as the encoders of scikit-learn do; whole numbers are their own codes.
/// </summary>
internal static class ColumnReader
{
    // Beyond this a column is names or identifiers: nothing to build a rule or an average on.
    private const int MaxCategories = 10_000;

    /// <summary>Reads one column.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">Which column.</param>
    /// <param name="asCodes">Whether the user says that its whole numbers are codes.</param>
    /// <param name="names">The names of its categories, where the user gives them.</param>
    /// <param name="values">Where the numbers go: [rows × stride] from the column's own place.</param>
    /// <param name="stride">How far the next row's place is.</param>
    /// <param name="errors">Where it is said what is wrong and what to change.</param>
    public static TabularFeature Read(
        SourceTable table, int column, bool asCodes, IReadOnlyList<string>? names, Span<float> values, int stride, List<string> errors)
    {
        string name = table.Columns[column];
        int text = Numbers(table, column, values, stride);
        if (text < 0 && names is null && !asCodes)
        {
            return new TabularFeature(name);
        }

        int missing = FirstMissing(table, column);
        if (missing >= 0)
        {
            errors.Add($"{table.File}, line {table.Lines[missing]}: column '{name}' is empty there, and a column of categories cannot be; "
                + $"write a category of its own, such as ?, or leave the column out with --drop {Quoted(name)}");
            return new TabularFeature(name, names ?? []);
        }

        return names is not null ? Named(table, column, names, text < 0, values, stride, errors)
            : text >= 0 ? Texts(table, column, text, values, stride, errors)
            : Codes(table, column, values, stride, errors);
    }

    /// <summary>The texts of a column in the order of their characters' codes.</summary>
    public static string[] Distinct(SourceTable table, int column)
    {
        string[] distinct = [.. table.Cells(column).Distinct(StringComparer.Ordinal)];
        Array.Sort(distinct, StringComparer.Ordinal);
        return distinct;
    }

    /// <summary>Reads cells as numbers; empty ones are missing values.</summary>
    /// <returns>The first row whose cell is no number; -1 where all are.</returns>
    private static int Numbers(SourceTable table, int column, Span<float> values, int stride)
    {
        for (int row = 0; row < table.Rows.Count; row++)
        {
            string cell = table.Rows[row][column];
            if (cell.Length == 0)
            {
                values[row * stride] = float.NaN;
            }
            else if (!float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out values[row * stride]))
            {
                return row;
            }
        }

        return -1;
    }

    private static int FirstMissing(SourceTable table, int column)
    {
        for (int row = 0; row < table.Rows.Count; row++)
        {
            if (table.Rows[row][column].Length == 0)
            {
                return row;
            }
        }

        return -1;
    }

    private static TabularFeature Texts(SourceTable table, int column, int firstText, Span<float> values, int stride, List<string> errors)
    {
        string name = table.Columns[column];
        string[] categories = Distinct(table, column);
        if (categories.Length > MaxCategories || (categories.Length > 50 && categories.Length > table.Rows.Count / 2))
        {
            errors.Add($"{table.File}, line {table.Lines[firstText]}: column '{name}' has text ('{table.Rows[firstText][column]}') and "
                + $"{categories.Length} different values in {table.Rows.Count} rows: too many for categories; "
                + $"leave it out with --drop {Quoted(name)}, or make it numbers");
            return new TabularFeature(name);
        }

        Encode(table, column, categories, values, stride);
        return new TabularFeature(name, categories);
    }

    private static TabularFeature Codes(SourceTable table, int column, Span<float> values, int stride, List<string> errors)
    {
        string name = table.Columns[column];
        int most = 0;
        for (int row = 0; row < table.Rows.Count; row++)
        {
            float code = values[row * stride];
            if (!(code >= 0 && code < MaxCategories && code == MathF.Truncate(code)))
            {
                errors.Add($"{table.File}, line {table.Lines[row]}: column '{name}' is to be categorical and has {table.Rows[row][column]}; codes are "
                    + $"whole numbers from 0 to {MaxCategories - 1}: recode it as the model expects, or take it out of --categorical");
                return new TabularFeature(name, []);
            }

            most = Math.Max(most, (int)code);
        }

        return new TabularFeature(name, [.. Enumerable.Range(0, most + 1).Select(static code => code.ToString(CultureInfo.InvariantCulture))]);
    }

    /// <summary>Cells are names of the list, or codes of it.</summary>
    private static TabularFeature Named(
        SourceTable table, int column, IReadOnlyList<string> names, bool numbers, Span<float> values, int stride, List<string> errors)
    {
        string name = table.Columns[column];
        Dictionary<string, int> codes = names.Index().ToDictionary(static each => each.Item, static each => each.Index, StringComparer.Ordinal);
        for (int row = 0; row < table.Rows.Count; row++)
        {
            string cell = table.Rows[row][column];
            if (!codes.TryGetValue(cell, out int code))
            {
                float given = numbers ? values[row * stride] : -1;
                code = given >= 0 && given < names.Count && given == MathF.Truncate(given) ? (int)given : -1;
            }

            if (code < 0)
            {
                errors.Add($"{table.File}, line {table.Lines[row]}: column '{name}' has '{cell}', which is none of the {names.Count} categories "
                    + "named for it, nor a code of one; add it to --category_names, or correct the cell");
                return new TabularFeature(name, names);
            }

            values[row * stride] = code;
        }

        return new TabularFeature(name, names);
    }

    private static void Encode(SourceTable table, int column, string[] categories, Span<float> values, int stride)
    {
        Dictionary<string, int> codes = categories.Index().ToDictionary(static each => each.Item, static each => each.Index, StringComparer.Ordinal);
        for (int row = 0; row < table.Rows.Count; row++)
        {
            values[row * stride] = codes[table.Rows[row][column]];
        }
    }

    private static string Quoted(string name) => name.Contains(' ', StringComparison.Ordinal) ? $"'{name}'" : name;
}
