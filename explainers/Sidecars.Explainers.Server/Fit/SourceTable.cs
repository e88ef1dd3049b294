using System.Globalization;
using System.Text;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Server.Fit;

/// <summary>A CSV as it stands in its file: names of columns, and cells of text without blanks around them.</summary>
/// <param name="File">The file, for messages.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Rows">The rows, each with a cell for every column.</param>
/// <param name="Lines">The line of the file on which each row begins, for messages.</param>
internal sealed record SourceTable(string File, IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows, IReadOnlyList<int> Lines)
{
    // A file that is no CSV at all would otherwise fill the screen.
    private const int MostErrors = 10;

    /// <summary>
    /// Whether the names of the columns are all numbers, as in a file without a header. Columns that are merely numbered, from 0 or
    /// from 1, are not meant.
    /// </summary>
    public bool HeaderLooksLikeARow =>
        Columns.All(static c => double.TryParse(c, CultureInfo.InvariantCulture, out _))
        && !Columns.SequenceEqual(Numbered(0)) && !Columns.SequenceEqual(Numbered(1));

    /// <summary>The cells of one column.</summary>
    public IEnumerable<string> Cells(int column) => Rows.Select(row => row[column]);

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="errors">Where it is said what is wrong and what to change.</param>
    public static SourceTable Read(string file, List<string> errors)
    {
        List<string> columns = [];
        List<string[]> rows = [];
        List<int> lines = [];
        try
        {
            var reader = new CsvReader(System.IO.File.ReadAllBytes(file));
            if (reader.NextRecord())
            {
                columns = ReadHeader(ref reader);
            }
            else
            {
                errors.Add($"{file} is empty; its first line must name the columns");
            }

            // Few texts stand for many cells of a column of categories.
            var seen = new Dictionary<string, string>(StringComparer.Ordinal);
            var seenBytes = seen.GetAlternateLookup<ReadOnlySpan<char>>();
            while (reader.NextRecord() && errors.Count < MostErrors)
            {
                string[] row = new string[columns.Count];
                int cells = 0;
                while (reader.NextField(out ReadOnlySpan<byte> field))
                {
                    if (cells < row.Length)
                    {
                        row[cells] = Cell(field, seenBytes);
                    }

                    cells++;
                }

                if (reader.Broken is { } broken)
                {
                    errors.Add($"{file}, line {reader.Line}: {broken}");
                    continue;
                }

                if (cells != row.Length)
                {
                    errors.Add($"{file}, line {reader.Line} has {cells} cells, the header {row.Length}; a cell with a comma in it needs quotes around it");
                    continue;
                }

                rows.Add(row);
                lines.Add(reader.Line);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"--data {file} cannot be read: {e.Message}");
        }

        return new SourceTable(file, columns, rows, lines);
    }

    private IEnumerable<string> Numbered(int from) =>
        Enumerable.Range(from, Columns.Count).Select(static i => i.ToString(CultureInfo.InvariantCulture));

    private static List<string> ReadHeader(ref CsvReader reader)
    {
        List<string> columns = [];
        while (reader.NextField(out ReadOnlySpan<byte> field))
        {
            columns.Add(Encoding.UTF8.GetString(field).Trim());
        }

        return columns;
    }

    private static string Cell(ReadOnlySpan<byte> field, Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> seen)
    {
        if (field.Length > 64)
        {
            return Encoding.UTF8.GetString(field).Trim();
        }

        Span<char> characters = stackalloc char[64];
        ReadOnlySpan<char> text = ((ReadOnlySpan<char>)characters[..Encoding.UTF8.GetChars(field, characters)]).Trim();
        if (!seen.TryGetValue(text, out string? known))
        {
            known = text.ToString();
            seen[text] = known;
        }

        return known;
    }
}
