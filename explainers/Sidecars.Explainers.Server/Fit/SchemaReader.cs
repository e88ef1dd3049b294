using System.Globalization;

namespace Sidecars.Explainers.Server.Fit;

/// <summary>Finds out what the columns of a table are.</summary>
internal static class SchemaReader
{
    /// <summary>Reads features, rows and classes.</summary>
    /// <param name="table">The table.</param>
    /// <param name="plan">What the user says of it.</param>
    /// <param name="errors">Where it is said what is wrong and what to change; the result counts only while this is empty.</param>
    public static FittedTable Read(SourceTable table, FitPlan plan, List<string> errors)
    {
        CheckNames(table, plan, errors);
        int[] columns =
        [
            .. Enumerable.Range(0, table.Columns.Count).Where(c => table.Columns[c] != plan.Label && !plan.Drop.Contains(table.Columns[c])),
        ];
        if (columns.Length == 0)
        {
            errors.Add($"{table.File} has no column left for a feature; drop fewer");
        }

        if (table.Rows.Count == 0)
        {
            errors.Add($"{table.File} has no rows below its header");
        }

        if (errors.Count > 0)
        {
            return new FittedTable(new TabularSchema([]), new TabularData([], 1), null);
        }

        float[] values = new float[table.Rows.Count * columns.Length];
        List<TabularFeature> features = [];
        for (int i = 0; i < columns.Length; i++)
        {
            string name = table.Columns[columns[i]];
            features.Add(ColumnReader.Read(
                table, columns[i], plan.Categorical.Contains(name), Names(plan, name, i), values.AsSpan(i), columns.Length, errors));
        }

        (IReadOnlyList<string>? classes, int[]? labels) = Classes(table, plan, errors);
        return new FittedTable(new TabularSchema(features, classes), new TabularData(values, columns.Length), labels);
    }

    private static IReadOnlyList<string>? Names(FitPlan plan, string name, int index) =>
        plan.CategoryNames.GetValueOrDefault(name) ?? plan.CategoryNames.GetValueOrDefault(index.ToString(CultureInfo.InvariantCulture));

    private static void CheckNames(SourceTable table, FitPlan plan, List<string> errors)
    {
        string known = string.Join(", ", table.Columns.Select(static c => $"'{c}'"));
        IEnumerable<(string Flag, string Column)> given =
        [
            .. plan.Label is { } label ? [("label", label)] : Array.Empty<(string, string)>(),
            .. plan.Drop.Select(static c => ("drop", c)), .. plan.Categorical.Select(static c => ("categorical", c)),
        ];
        foreach ((string flag, string column) in given.Where(each => !table.Columns.Contains(each.Column)))
        {
            errors.Add($"--{flag} names '{column}', which is no column of {table.File}; it has {known}");
        }

        foreach (IGrouping<string, string> twice in table.Columns.GroupBy(static c => c).Where(static g => g.Count() > 1))
        {
            errors.Add($"{table.File} has {twice.Count()} columns '{twice.Key}'; features are found by name: rename them");
        }

        foreach (int empty in table.Columns.Index().Where(static c => c.Item.Length == 0).Select(static c => c.Index))
        {
            errors.Add($"{table.File}: column {empty + 1} has no name; give it one in the header");
        }
    }

    /// <summary>
    /// The classes as the user names them; else the texts of the label column in the order of their characters' codes, as
    /// scikit-learn orders them; else none. Labels are only used to say how often the model agrees.
    /// </summary>
    private static (IReadOnlyList<string>? Classes, int[]? Labels) Classes(SourceTable table, FitPlan plan, List<string> errors)
    {
        int column = plan.Label is { } label ? table.Columns.Index().First(c => c.Item == label).Index : -1;
        if (column < 0)
        {
            return (plan.Classes, null);
        }

        string[] distinct = ColumnReader.Distinct(table, column);
        bool codes = distinct.All(static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _));
        bool numbers = codes || distinct.All(static text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
        IReadOnlyList<string>? classes = plan.Classes ?? (numbers || distinct.Length > table.Rows.Count / 2 ? null : distinct);
        if (codes)
        {
            return (classes, [.. table.Cells(column).Select(static text => int.Parse(text, CultureInfo.InvariantCulture))]);
        }

        if (classes is null)
        {
            return (null, null);
        }

        Dictionary<string, int> indices = classes.Index().ToDictionary(static each => each.Item, static each => each.Index, StringComparer.Ordinal);
        if (distinct.FirstOrDefault(text => !indices.ContainsKey(text)) is { } unknown)
        {
            errors.Add($"column '{plan.Label}' has '{unknown}', which is none of --classes {string.Join(',', classes)}; "
                + "name all classes, in the order of the model's outputs");
            return (classes, null);
        }

        return (classes, [.. table.Cells(column).Select(text => indices[text])]);
    }
}
