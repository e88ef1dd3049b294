using System.Globalization;

namespace Sidecars.Tool.Output;

/// <summary>Rows in columns as wide as they need, two spaces between them; numbers to the right.</summary>
internal static class TextTable
{
    public static async Task WriteAsync(TextWriter to, IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int[] widths = [.. header.Select((h, i) => Math.Max(h.Length, rows.Select(r => r[i].Length).DefaultIfEmpty().Max()))];
        bool[] right = [.. header.Select((_, i) => rows.Count > 0 && rows.All(r => IsNumber(r[i])))];
        await to.WriteLineAsync(Line(header, widths, right)).ConfigureAwait(false);
        foreach (IReadOnlyList<string> row in rows)
        {
            await to.WriteLineAsync(Line(row, widths, right)).ConfigureAwait(false);
        }
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static string Line(IReadOnlyList<string> cells, int[] widths, bool[] right) => string.Join(
        "  ", cells.Select((c, i) => right[i] ? c.PadLeft(widths[i]) : c.PadRight(widths[i]))).TrimEnd();
}
