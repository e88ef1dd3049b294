using System.Text.Json;

namespace Sidecars.Explainers.Tests.Shap;

/// <summary>One case of the kit's exact values.</summary>
internal sealed record ExactCase(string Output, string Link, int[] Rows, double[] ExpectedValue, double[] Fx, double[] Values, int Outputs, int Players)
{
    /// <summary>The case of an output and link in <c>golden/exact.MODEL.json</c>.</summary>
    public static ExactCase Read(string model, string output, string link)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Kit.File($"golden/exact.{model}.json")));
        JsonElement found = document.RootElement.GetProperty("cases").EnumerateArray().First(c =>
            c.GetProperty("output").GetString() == output && c.GetProperty("link").GetString() == link && c.GetProperty("game").GetString() == "interventional");
        JsonElement values = found.GetProperty("values");
        return new ExactCase(
            output, link,
            [.. found.GetProperty("rows").EnumerateArray().Select(static r => r.GetInt32())],
            [.. found.GetProperty("expected_value").EnumerateArray().Select(static v => v.GetDouble())],
            [.. Flatten(found.GetProperty("fx"))],
            [.. Flatten(values)],
            values[0].GetArrayLength(),
            values[0][0].GetArrayLength());
    }

    /// <summary>The background rows of <c>golden/exact.MODEL.json</c>.</summary>
    public static Background Background(string model)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Kit.File($"golden/exact.{model}.json")));
        TabularData train = Kit.Rows($"data/{document.RootElement.GetProperty("dataset").GetString()}.train.csv");
        return Sidecars.Explainers.Background.Uniform(Take(train, [.. document.RootElement.GetProperty("background_rows").EnumerateArray().Select(static r => r.GetInt32())]));
    }

    /// <summary>Rows of a table.</summary>
    public static TabularData Take(TabularData data, int[] rows) => new([.. rows.SelectMany(r => data[r].ToArray())], data.Features);

    private static IEnumerable<double> Flatten(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? element.EnumerateArray().SelectMany(Flatten)
        : [element.GetDouble()];
}
