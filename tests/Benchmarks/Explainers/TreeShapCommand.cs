using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecars.Explainers;
using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Tests;

namespace Explainers.Benchmarks;

/// <summary>
/// <c>treeshap MODEL [--algorithm interventional|path] [--interactions] [--output raw|probability] [--background 100]
/// [--rows 1000] [--out FILE]</c>: rows for a second of processor time for a model of the kit, best of several rounds, and what the
/// first row and a single row cost; pin it to one core with <c>taskset -c 0</c>. Processor time, as others may use the machine. The model <c>forest</c> or <c>forest:TREES:DEPTH:MINLEAF</c> is grown here on the
/// Adult data (default 100 trees of depth 8 with leaves of 5 rows). <c>--out</c> writes every case of the model's exact
/// values in the form that <c>evaluate_shap.py</c> judges.
/// </summary>
internal static class TreeShapCommand
{
    public static Task<int> RunAsync(string[] args)
    {
        string model = args[0];
        string Option(string name, string otherwise) => Array.IndexOf(args, name) is > 0 and var i && i + 1 < args.Length ? args[i + 1] : otherwise;
        int backgroundRows = int.Parse(Option("--background", "100"), CultureInfo.InvariantCulture);
        int count = int.Parse(Option("--rows", "1000"), CultureInfo.InvariantCulture);
        string data = model.StartsWith("forest", StringComparison.Ordinal) ? "adult" : model[..model.LastIndexOf('_')];
        TabularData train = Kit.Rows($"data/{data}.train.csv"), test = Kit.Rows($"data/{data}.test.csv");
        TreeEnsemble trees = model.StartsWith("forest", StringComparison.Ordinal) ? GrowForest(model, train) : Read(model);
        if (Option("--out", "") is { Length: > 0 } file)
        {
            Write(model, trees, train, test, file);
            return Task.FromResult(0);
        }

        var options = new ShapOptions
        {
            Algorithm = Option("--algorithm", "interventional") == "path" ? TreeShapAlgorithm.TreePathDependent : TreeShapAlgorithm.Interventional,
            ModelOutput = Option("--output", "raw") == "probability" ? ShapModelOutput.Probability : ShapModelOutput.Raw,
            Interactions = args.Contains("--interactions"),
        };
        Measure(model, trees, Background.Uniform(Take(train, backgroundRows)), Take(test, count), options);
        return Task.FromResult(0);
    }

    private static void Measure(string model, TreeEnsemble trees, Background background, TabularData rows, ShapOptions options)
    {
        TabularData one = Take(rows, 1);
        new TreeShap(trees, background).Explain(Take(rows, Math.Min(rows.Rows, 64)), options);
        TimeSpan start = Environment.CpuUsage.TotalTime;
        var shap = new TreeShap(trees, background);
        shap.Explain(one, options);
        double first = (Environment.CpuUsage.TotalTime - start).TotalMilliseconds;
        double single = Best(() => shap.Explain(one, options)), all = Best(() => shap.Explain(rows, options));
        int leaves = trees.Feature.Count(static f => f < 0);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{model} ({trees.Roots.Length} trees, {leaves} leaves) {options.Algorithm} {options.ModelOutput}{(options.Interactions ? " interactions" : "")}, "
            + $"background {background.Rows.Rows}, {Environment.ProcessorCount} processors: {rows.Rows / all:0} rows per CPU second of {rows.Rows}; "
            + $"one row {single * 1e6:0} us, the first {first:0.0} ms"));
    }

    private static double Best(Action action)
    {
        double best = double.MaxValue;
        int times = 1;
        for (int round = 0; round < 40; round++)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < times; i++)
            {
                action();
            }

            double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
            best = Math.Min(best, seconds / times);
            if (round >= 3 && seconds > 1)
            {
                break;
            }

            // Rounds are long enough for what the system counts in.
            times = seconds < 0.05 ? Math.Min(times * 4, 100_000) : times;
        }

        return best;
    }

    private static TreeEnsemble Read(string model)
    {
        TreeEnsemble trees = TreeEnsembleReader.TryRead(Kit.File($"models/{model}.onnx"))!;
        JsonNode cover = JsonNode.Parse(File.ReadAllText(Kit.File($"models/{model}.cover.json")))!["cover"]!;
        return trees with { Covers = [.. cover.AsArray().SelectMany(static t => t!.AsArray()).Select(static n => (double)n!)] };
    }

    private static TreeEnsemble GrowForest(string model, TabularData train)
    {
        int[] shape = [.. model.Split(':').Skip(1).Select(static s => int.Parse(s, CultureInfo.InvariantCulture))];
        int[] labels = [.. File.ReadLines(Kit.File("data/adult.train.csv")).Skip(1).Select(static line => line.EndsWith(",1", StringComparison.Ordinal) ? 1 : 0)];
        return shape is [var count, var depth, var minLeaf] ? Forest.Grow(train, labels, count, depth, minLeaf) : Forest.Grow(train, labels, 100, 8, 5);
    }

    private static void Write(string model, TreeEnsemble trees, TabularData train, TabularData test, string file)
    {
        JsonNode golden = JsonNode.Parse(File.ReadAllText(Kit.File($"golden/exact.{model}.json")))!;
        var shap = new TreeShap(trees, Background.Uniform(Select(train, golden["background_rows"]!)));
        var cases = new JsonArray();
        foreach (JsonNode? gold in golden["cases"]!.AsArray())
        {
            int pairs = gold!["interactions"]?.AsArray().Count ?? 0;
            TabularData rows = Select(test, gold["rows"]!);
            ShapExplanation mine = shap.Explain(rows, new ShapOptions
            {
                Link = (string)gold["link"]! == "logit" ? ShapLink.Logit : ShapLink.Identity,
                ModelOutput = (string)gold["output"]! == "probability" ? ShapModelOutput.Probability : ShapModelOutput.Raw,
                Algorithm = (string)gold["game"]! == "interventional" ? TreeShapAlgorithm.Interventional : TreeShapAlgorithm.TreePathDependent,
                Interactions = pairs > 0,
            });
            var node = new JsonObject
            {
                ["output"] = (string)gold["output"]!,
                ["link"] = (string)gold["link"]!,
                ["game"] = (string)gold["game"]!,
                ["rows"] = gold["rows"]!.DeepClone(),
                ["expected_value"] = JsonSerializer.SerializeToNode(mine.ExpectedValue),
                ["values"] = Nest(mine.Values, mine.Outputs, mine.Players),
            };
            if (pairs > 0)
            {
                node["interactions"] = Nest(mine.Interactions![..(pairs * mine.Outputs * mine.Players * mine.Players)], mine.Outputs, mine.Players, mine.Players);
            }

            cases.Add(node);
        }

        File.WriteAllText(file, new JsonObject { ["model"] = model, ["cases"] = cases }.ToJsonString());
    }

    // [n, …shape] as arrays of arrays.
    private static JsonArray Nest(ReadOnlySpan<double> values, params ReadOnlySpan<int> shape)
    {
        var array = new JsonArray();
        int each = 1;
        foreach (int length in shape)
        {
            each *= length;
        }

        for (int i = 0; i < values.Length; i += each)
        {
            array.Add(shape.Length == 0 ? JsonValue.Create(values[i]) : Nest(values.Slice(i, each), shape[1..]));
        }

        return array;
    }

    private static TabularData Take(TabularData data, int rows) =>
        new([.. Enumerable.Range(0, rows).SelectMany(i => data[i % data.Rows].ToArray())], data.Features);

    private static TabularData Select(TabularData data, JsonNode rows) =>
        new([.. rows.AsArray().SelectMany(i => data[(int)i!].ToArray())], data.Features);
}
