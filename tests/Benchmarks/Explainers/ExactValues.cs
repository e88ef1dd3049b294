using System.Text.Json;
using Sidecars.Explainers;
using Sidecars.Explainers.Tests;

namespace Explainers.Benchmarks;

/// <summary>The kit's exact Shapley values of a model, for one output and link, and the rows they belong to.</summary>
internal sealed record ExactValues(string Output, string Link, int[] Ids, TabularData Rows, Background Background, double[] Values, int Outputs)
{
    public int Players => Values.Length / Ids.Length / Outputs;

    public static ExactValues Read(string model, string output, string link, int most, string? peer = null)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Kit.File($"golden/{peer ?? "exact"}.{model}.json")));
        JsonElement found = document.RootElement.GetProperty("cases").EnumerateArray().First(c =>
            c.GetProperty("output").GetString() == output && c.GetProperty("link").GetString() == link
            && c.GetProperty("game").GetString() == "interventional"
            && (peer is null || (c.GetProperty("l1_reg").GetString() == "False" && c.GetProperty("nsamples").ToString() == "auto")));
        string data = document.RootElement.GetProperty("dataset").GetString()!;
        int[] ids = [.. found.GetProperty("rows").EnumerateArray().Take(most).Select(static r => r.GetInt32())];
        JsonElement values = found.GetProperty("values");
        return new ExactValues(
            output,
            link,
            ids,
            Take(Kit.Rows($"data/{data}.test.csv"), ids),
            Background.Uniform(Take(Kit.Rows($"data/{data}.train.csv"), Ints(document.RootElement.GetProperty("background_rows"))), "file"),
            [.. values.EnumerateArray().Take(most).SelectMany(Flatten)],
            values[0].GetArrayLength());
    }

    /// <summary>|φ̂ − φ|² / |φ|², the mean over rows and outputs.</summary>
    public double RelativeSquaredError(double[] values) => Enumerable.Range(0, Ids.Length * Outputs).Average(game =>
    {
        double error = 0;
        double size = 0;
        for (int i = game * Players; i < (game + 1) * Players; i++)
        {
            error += (values[i] - Values[i]) * (values[i] - Values[i]);
            size += Values[i] * Values[i];
        }

        return size == 0 ? 0 : error / size;
    });

    private static TabularData Take(TabularData data, int[] rows) => new([.. rows.SelectMany(r => data[r].ToArray())], data.Features);

    private static int[] Ints(JsonElement element) => [.. element.EnumerateArray().Select(static r => r.GetInt32())];

    private static IEnumerable<double> Flatten(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? element.EnumerateArray().SelectMany(Flatten)
        : [element.GetDouble()];
}
