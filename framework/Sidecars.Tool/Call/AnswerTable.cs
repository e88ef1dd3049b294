using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Tool.Output;

namespace Sidecars.Tool.Call;

/// <summary>
/// An answer as a table: a line per row where it has rows (V1 predictions, V2 outputs of one length), else a line per
/// value with its path, as for explanations.
/// </summary>
internal static class AnswerTable
{
    private const int MaxColumns = 12;

    public static Task WriteAsync(TextWriter to, JsonNode? answer)
    {
        if (answer is JsonObject v2 && v2["outputs"] is JsonArray { Count: > 0 } outputs && TryColumns(outputs) is { } columns)
        {
            return WriteRowsAsync(to, Enumerable.Range(0, columns[0].Values.Count).Select(i =>
                columns.Select(c => KeyValuePair.Create(c.Name, c.Values[i])).ToList()));
        }

        if (answer is JsonObject v1 && v1["predictions"] is JsonArray { Count: > 0 } predictions)
        {
            return WriteRowsAsync(to, predictions.Select(Row));
        }

        var lines = new List<IReadOnlyList<string>>();
        Flatten(answer, "", lines);
        return TextTable.WriteAsync(to, ["field", "value"], lines);
    }

    private static Task WriteRowsAsync(TextWriter to, IEnumerable<List<KeyValuePair<string, string>>> rows)
    {
        List<List<KeyValuePair<string, string>>> all = [.. rows];
        List<string> names = [.. all.SelectMany(r => r.Select(c => c.Key)).Distinct()];
        bool cut = names.Count > MaxColumns;
        if (cut)
        {
            names = [.. names.Take(MaxColumns)];
        }

        List<string> header = ["row", .. names];
        if (cut)
        {
            header.Add("…");
        }

        return TextTable.WriteAsync(to, header, [.. all.Select((r, i) =>
        {
            List<string> cells =
            [
                i.ToString(CultureInfo.InvariantCulture),
                .. names.Select(n => r.FirstOrDefault(c => c.Key == n).Value ?? ""),
            ];
            if (cut)
            {
                cells.Add("…");
            }

            return (IReadOnlyList<string>)cells;
        })]);
    }

    private static List<KeyValuePair<string, string>> Row(JsonNode? prediction) => prediction switch
    {
        JsonObject o => [.. o.Select(p => KeyValuePair.Create(p.Key, Cell(p.Value)))],
        JsonArray a => [.. a.Select((v, i) => KeyValuePair.Create($"[{i}]", Cell(v)))],
        _ => [KeyValuePair.Create("prediction", Cell(prediction))],
    };

    /// <summary>The outputs' columns by row; null when they differ in length or have none.</summary>
    private static List<(string Name, IReadOnlyList<string> Values)>? TryColumns(JsonArray outputs)
    {
        var columns = new List<(string, IReadOnlyList<string>)>();
        long? rows = null;
        foreach (JsonNode? output in outputs)
        {
            if (output is not JsonObject tensor || tensor["data"] is not JsonArray data || tensor["shape"] is not JsonArray { Count: > 0 } shape
                || tensor["name"]?.ToString() is not { } name)
            {
                return null;
            }

            long count = shape[0] is JsonValue first && first.TryGetValue(out long length) ? length : 0;
            List<string> values = [.. Leaves(data).Select(Cell)];
            if (count <= 0 || (rows ??= count) != count || values.Count == 0 || values.Count % count != 0)
            {
                return null;
            }

            int width = values.Count / (int)count;
            columns.AddRange(Enumerable.Range(0, width).Select(c => (
                width == 1 ? name : $"{name}[{c}]",
                (IReadOnlyList<string>)[.. Enumerable.Range(0, (int)count).Select(r => values[(r * width) + c])])));
        }

        return columns;
    }

    private static IEnumerable<JsonNode?> Leaves(JsonArray array) =>
        array.SelectMany(n => n is JsonArray inner ? Leaves(inner) : [n]);

    private static void Flatten(JsonNode? node, string path, List<IReadOnlyList<string>> lines)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } o:
                foreach ((string key, JsonNode? value) in o)
                {
                    Flatten(value, path.Length == 0 ? key : $"{path}.{key}", lines);
                }

                break;
            case JsonArray { Count: > 0 } a when a.Any(n => n is JsonObject or JsonArray):
                for (int i = 0; i < a.Count; i++)
                {
                    Flatten(a[i], $"{path}[{i}]", lines);
                }

                break;
            case JsonArray { Count: > 0 } flat:
                lines.Add([path, string.Join(", ", flat.Select(Cell))]);
                break;
            default:
                lines.Add([path, Cell(node)]);
                break;
        }
    }

    private static string Cell(JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>().ReplaceLineEndings(" "),
        _ => node.ToJsonString(),
    };
}
