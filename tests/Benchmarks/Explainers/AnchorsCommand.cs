using System.Globalization;
using System.Text.Json.Nodes;
using Sidecars.Explainers;
using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Scoring;
using Sidecars.Explainers.Tests;
using Sidecars.Onnx;

namespace Explainers.Benchmarks;

/// <summary>
/// <c>anchors MODEL [--seeds n] [--rows n] [--out file.jsonl] [--truth samples] [--scorer onnx] [--threshold p] [--beam n]</c>:
/// explains the rows that alibi's reference file explains (then further test rows, if more are asked for), writes what the
/// kit's judge reads, and prints one line of figures beside alibi's on the same rows. Times are processor time of the one
/// thread that does everything.
/// </summary>
internal static class AnchorsCommand
{
    private const int WarmUp = 300;

    private sealed record Run(int Row, int Seed, AnchorExplanation Anchor, long Calls, double Milliseconds, double ModelMilliseconds)
    {
        public double Truth { get; set; }
    }

    public static async Task<int> RunAsync(string[] args)
    {
        string name = args[0];
        string file = Kit.File($"models/{name}.onnx");
        string dataset = name[..name.LastIndexOf('_')];
        TabularData train = Kit.Rows($"data/{dataset}.train.csv");
        TabularData test = Kit.Rows($"data/{dataset}.test.csv");
        JsonNode[] alibi = ReadAlibi(name);
        int[] rows = ChooseRows(alibi, test.Rows, (int)Number(args, "--rows", alibi.Length == 0 ? 50 : 0));
        AnchorTabularOptions options = new() { Threshold = Number(args, "--threshold", 0.95), BeamSize = (int)Number(args, "--beam", 1) };

        using var onnx = new OnnxModel(file, new OnnxOptions { Device = OnnxDevice.Cpu, IntraOpThreads = 1 });
        IScorer scorer = Text(args, "--scorer") == "onnx" ? new OnnxScorer(onnx, train.Features)
            : TreeEnsembleReader.TryRead(file) is { } trees && TreeScorer.TryCreate(trees, threads: 1) is { } own ? own
            : LinearModelReader.TryRead(file) is { } linear ? new LinearScorer(linear)
            : new OnnxScorer(onnx, train.Features);
        AnchorTabular explainer = new(ReadSchema(dataset), train);
        for (int i = 0; i < WarmUp; i++)
        {
            await explainer.ExplainAsync(scorer, RowOf(test, rows[i % rows.Length]), options);
        }

        List<Run> runs = [];
        foreach (int seed in Enumerable.Range(0, (int)Number(args, "--seeds", 3)))
        {
            foreach (int row in rows)
            {
                ThreadTimedScorer timed = new(scorer);
                double start = ThreadClock.Milliseconds;
                AnchorExplanation anchor = await explainer.ExplainAsync(timed, RowOf(test, row), options with { Seed = seed });
                runs.Add(new Run(row, seed, anchor, timed.Calls, ThreadClock.Milliseconds - start, timed.Milliseconds));
            }
        }

        if (Text(args, "--out") is { } path)
        {
            await File.WriteAllLinesAsync(path, runs.Select(run => AnchorLines.Write(name, run.Row, run.Seed, run.Anchor, run.Calls, run.Milliseconds)));
        }

        AnchorTruth truth = new(train, scorer, (int)Number(args, "--truth", 10_000));
        foreach (Run run in runs)
        {
            run.Truth = await truth.PrecisionAsync(run.Anchor, run.Row);
        }

        Print(name, runs, alibi, options.Threshold);
        return 0;
    }

    private static void Print(string name, List<Run> runs, JsonNode[] alibi, double threshold)
    {
        List<Run> met = [.. runs.Where(static r => r.Anchor.Status == AnchorStatus.Met)];
        List<JsonNode> same = [.. alibi.Where(a => runs.Exists(r => r.Row == Number(a, "row")))];
        List<JsonNode> good = [.. same.Where(a => Number(a, "true_precision") >= threshold)];
        FormattableString line = $"""
            {name}: {runs.Count} explanations, met {Share(runs, static r => r.Anchor.Status == AnchorStatus.Met):0.000}
              of those met: truly >= {threshold} {Share(met, r => r.Truth >= threshold):0.000}, >= {threshold - 0.005:0.000} {Share(met, r => r.Truth >= threshold - 0.005):0.000}
              precision: true {runs.Average(static r => r.Truth):0.0000}, claimed - true {runs.Average(static r => r.Anchor.Precision - r.Truth):+0.0000;-0.0000}, of those met {met.Average(static r => r.Anchor.Precision - r.Truth):+0.0000;-0.0000}, interval holds {Share(runs, static r => r.Anchor.PrecisionInterval.Low <= r.Truth && r.Truth <= r.Anchor.PrecisionInterval.High):0.000} (stated {runs[0].Anchor.Confidence:0.000})
              coverage: {runs.Average(static r => r.Anchor.Coverage):0.0000}; beside alibi's on its rows {Ratio(runs, same):0.00}, where alibi's truly reach the threshold {Ratio(runs, good):0.00}
              cost: {runs.Average(static r => r.Anchor.Predictions):0} rows (most {runs.Max(static r => r.Anchor.Predictions)}) in {runs.Average(static r => r.Calls):0.0} calls, {runs.Average(static r => r.Milliseconds):0.000} ms, of which outside the model {runs.Average(static r => r.Milliseconds - r.ModelMilliseconds):0.000} ms
              length {runs.Average(static r => r.Anchor.Predicates.Count):0.00}, same anchor for two seeds {SameForTwoSeeds(runs):0.00}
            """;
        Console.WriteLine(FormattableString.Invariant(line));
    }

    private static double Share(List<Run> runs, Func<Run, bool> which) => runs.Count == 0 ? double.NaN : runs.Count(which) / (double)runs.Count;

    /// <summary>Our mean coverage over alibi's, row by row of alibi's lines.</summary>
    private static double Ratio(List<Run> runs, List<JsonNode> alibi) => alibi.Count == 0 ? double.NaN
        : alibi.Average(a => runs.Where(r => r.Row == Number(a, "row")).Average(static r => r.Anchor.Coverage)) / alibi.Average(static a => Number(a, "train_coverage"));

    private static double SameForTwoSeeds(List<Run> runs) => runs.SelectMany(
        a => runs.Where(b => b.Row == a.Row && b.Seed > a.Seed),
        static (a, b) => a.Anchor.Predicates.ToHashSet().SetEquals(b.Anchor.Predicates) ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average();

    private static ReadOnlyMemory<float> RowOf(TabularData data, int row) => data.Values.Slice(row * data.Features, data.Features);

    private static JsonNode[] ReadAlibi(string name)
    {
        string golden = Path.Combine(Kit.Folder ?? "", $"golden/anchors.alibi.{name}.jsonl");
        return File.Exists(golden) ? [.. File.ReadLines(golden).Select(static l => JsonNode.Parse(l)!)] : [];
    }

    /// <summary>Alibi's rows, all of them or the first so many, and then others of the test data.</summary>
    private static int[] ChooseRows(JsonNode[] alibi, int testRows, int count)
    {
        const int Stride = 1009; // a prime: rows from all over the file
        IEnumerable<int> rows = alibi.Select(static a => (int)Number(a, "row"))
            .Concat(count == 0 ? [] : Enumerable.Range(0, testRows).Select(i => (int)((long)i * Stride % testRows))).Distinct();
        return count == 0 ? [.. rows] : [.. rows.Take(count)];
    }

    private static double Number(JsonNode node, string key) => node[key]!.GetValue<double>();

    private static string? Text(string[] args, string name) => Array.IndexOf(args, name) is var at and >= 0 ? args[at + 1] : null;

    private static double Number(string[] args, string name, double otherwise) =>
        Text(args, name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static TabularSchema ReadSchema(string dataset)
    {
        JsonNode meta = JsonNode.Parse(File.ReadAllText(Kit.File($"data/{dataset}.meta.json")))!;
        JsonObject categories = meta["categorical_names"]!.AsObject();
        return new TabularSchema([.. meta["feature_names"]!.AsArray().Select((n, i) => new TabularFeature(
            n!.GetValue<string>(),
            categories[i.ToString(CultureInfo.InvariantCulture)]?.AsArray().Select(static c => c!.GetValue<string>()).ToArray()))]);
    }
}
