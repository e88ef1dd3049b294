using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sidecars.Explainers;
using Sidecars.Explainers.Tests;
using Sidecars.Onnx;

namespace Explainers.Benchmarks;

/// <summary>
/// <c>anchors MODEL [--seeds n] [--rows n] [--out file.jsonl] [--truth samples]</c>: explains the rows that alibi's
/// reference file explains (then further test rows, if more are asked for), and writes what the kit's judge reads.
/// </summary>
internal static class AnchorsCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        string model = args[0];
        int Number(string name, int otherwise) => Array.IndexOf(args, name) is var at and >= 0 ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
        double Real(string name, double otherwise) => Array.IndexOf(args, name) is var at and >= 0 ? double.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
        string? Text(string name) => Array.IndexOf(args, name) is var at and >= 0 ? args[at + 1] : null;
        foreach (var f in typeof(Sidecars.Explainers.Anchors.Tuning).GetFields()) f.SetValue(null, Real("--" + f.Name, (double)f.GetValue(null)!));
        string dataset = model[..model.LastIndexOf('_')];
        TabularData train = Kit.Rows($"data/{dataset}.train.csv");
        TabularData test = Kit.Rows($"data/{dataset}.test.csv");
        TabularSchema schema = ReadSchema(dataset);
        List<JsonNode> golden = [.. File.ReadLines(Kit.File($"golden/anchors.alibi.{(File.Exists(Kit.Folder + $"/golden/anchors.alibi.{model}.jsonl") ? model : "adult_gb")}.jsonl")).Select(l => JsonNode.Parse(l)!)];
        List<int> rows = [.. golden.Select(g => g["row"]!.GetValue<int>()).Distinct()];
        int wanted = Number("--rows", rows.Count);
        for (int i = 0; rows.Count < wanted; i++)
        {
            int row = (int)(i * 2654435761L % test.Rows);
            if (!rows.Contains(row)) rows.Add(row);
        }

        rows = rows[..wanted];
        using var onnx = new OnnxModel(Kit.File($"models/{model}.onnx"), new OnnxOptions { Device = OnnxDevice.Cpu, IntraOpThreads = 1 });
        var scorer = new OnnxScorer(onnx, train.Features);
        var explainer = new AnchorTabular(schema, train);
        AnchorTruth truth = new(train, scorer, Number("--truth", 50_000));
        int seeds = Number("--seeds", 3);
        List<(int Row, int Seed, AnchorExplanation A, double Truth, long Calls, double Ms, double ModelMs)> all = [];
        for (int warm = 0; warm < 20; warm++) await explainer.ExplainAsync(scorer, test.Values.Slice(rows[warm % rows.Count] * test.Features, test.Features), new AnchorTabularOptions());
        foreach (int seed in Enumerable.Range(0, seeds))
        {
            foreach (int row in rows)
            {
                CountingScorer counting = new(scorer);
                AnchorTabularOptions options = new() { Seed = seed, BeamSize = Number("--beam", 1), Threshold = Real("--threshold", 0.95), BatchSize = Number("--batch", 100), Tau = Real("--tau", 0.15), Delta = Real("--delta", 0.1) };
                long start = Stopwatch.GetTimestamp();
                AnchorExplanation a = await explainer.ExplainAsync(counting, test.Values.Slice(row * test.Features, test.Features), options);
                double ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                all.Add((row, seed, a, 0, counting.Calls, ms, counting.Elapsed.TotalMilliseconds));
            }
        }

        if (Text("--out") is { } path)
        {
            await File.WriteAllLinesAsync(path, all.Select(e => Line(model, e.Row, e.Seed, e.A, e.Calls, e.Ms).ToJsonString()));
        }

        for (int i = 0; i < all.Count; i++) all[i] = all[i] with { Truth = await truth.PrecisionAsync(all[i].A, all[i].Row) };
        double threshold = Real("--threshold", 0.95);
        var met = all.Where(e => e.A.Status == AnchorStatus.Met).ToList();
        double alibi = golden.Where(g => rows.Contains(g["row"]!.GetValue<int>())).Average(g => g["train_coverage"]!.GetValue<double>());
        var shared = all.Where(e => golden.Any(g => g["row"]!.GetValue<int>() == e.Row)).ToList();
        double Mean(Func<(int Row, int Seed, AnchorExplanation A, double Truth, long Calls, double Ms, double ModelMs), double> f) => all.Average(f);
        // alibi's anchors that truly reach the threshold, against ours of the same rows
        var good = golden.Where(g => g["true_precision"]!.GetValue<double>() >= threshold && rows.Contains(g["row"]!.GetValue<int>())).ToList();
        double goodAlibi = good.Count == 0 ? 1 : good.Average(g => g["train_coverage"]!.GetValue<double>());
        double goodOurs = good.Count == 0 ? 1 : good.Average(g => all.Where(e => e.Row == g["row"]!.GetValue<int>()).Average(e => e.A.Coverage));
        int same = 0, pairs = 0;
        foreach (var g in all.GroupBy(e => e.Row)) { var l = g.ToList(); for (int i = 0; i < l.Count; i++) for (int j = i + 1; j < l.Count; j++) { pairs++; same += l[i].A.Predicates.ToHashSet().SetEquals(l[j].A.Predicates) ? 1 : 0; } }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{model} n={all.Count} met={met.Count / (double)all.Count:0.000} true>=T {met.Average(e => e.Truth >= threshold ? 1.0 : 0):0.000} (-.005: {met.Average(e => e.Truth >= threshold - .005 ? 1.0 : 0):0.000}) cov={Mean(e => e.A.Coverage):0.0000} ratio={shared.Average(e => e.A.Coverage) / alibi:0.00} goodratio={goodOurs / goodAlibi:0.00} prec={Mean(e => e.Truth):0.0000} err={Mean(e => e.A.Precision - e.Truth):+0.0000;-0.0000} metErr={met.Average(e => e.A.Precision - e.Truth):+0.0000;-0.0000} mae={Mean(e => Math.Abs(e.A.Precision - e.Truth)):0.0000} interval={Mean(e => e.A.PrecisionInterval.Low <= e.Truth && e.Truth <= e.A.PrecisionInterval.High ? 1 : 0):0.000} len={Mean(e => e.A.Predicates.Count):0.00} rows={Mean(e => e.A.Predictions):0} max={all.Max(e => e.A.Predictions)} calls={Mean(e => e.Calls):0.0} ms={Mean(e => e.Ms):0.000} outside={Mean(e => e.Ms - e.ModelMs):0.000} same={(pairs == 0 ? 1 : same / (double)pairs):0.00}"));
        return 0;
    }

    private static JsonObject Line(string model, int row, int seed, AnchorExplanation a, long calls, double ms) => new()
    {
        ["model"] = model,
        ["row"] = row,
        ["seed"] = seed,
        ["label"] = a.Label,
        ["predicates"] = new JsonArray([.. a.Predicates.Select(p =>
        {
            JsonObject o = new() { ["feature"] = p.Feature };
            if (p.Equal is { } eq) o["eq"] = eq;
            if (p.Gt is { } gt) o["gt"] = gt;
            if (p.Le is { } le) o["le"] = le;
            return (JsonNode)o;
        })]),
        ["precision"] = a.Precision,
        ["precision_interval"] = new JsonArray(a.PrecisionInterval.Low, a.PrecisionInterval.High),
        ["coverage"] = a.Coverage,
        ["status"] = a.Status.ToString(),
        ["predictions"] = a.Predictions,
        ["calls"] = calls,
        ["seconds"] = ms / 1000,
    };

    private static TabularSchema ReadSchema(string dataset)
    {
        JsonNode meta = JsonNode.Parse(File.ReadAllText(Kit.File($"data/{dataset}.meta.json")))!;
        JsonObject categories = meta["categorical_names"]!.AsObject();
        return new TabularSchema([.. meta["feature_names"]!.AsArray().Select((n, i) => new TabularFeature(
            n!.GetValue<string>(),
            categories[i.ToString(CultureInfo.InvariantCulture)]?.AsArray().Select(static c => c!.GetValue<string>()).ToArray()))]);
    }
}
