using System.Diagnostics;
using Sidecars.Explainers;
using Sidecars.Explainers.Tests;
using Sidecars.Onnx;

namespace Explainers.Benchmarks;

/// <summary>
/// <c>batching MODEL [--callers 32] [--rows 100] [--calls 200] [--device cpu] [--threads 1] [--wait 2]</c>: callers who each
/// score rows again and again, with and without merging: model runs, rows a second, and whether scores are the same.
/// </summary>
internal static class BatchingCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        string name = args[0];
        var flags = new Flags(args);
        int callers = flags.Number("callers", 32), rows = flags.Number("rows", 100), calls = flags.Number("calls", 200);
        TabularData data = Kit.Rows($"data/{name[..name.LastIndexOf('_')]}.train.csv");
        using var model = new OnnxModel(Kit.File($"models/{name}.onnx"), new OnnxOptions
        {
            Device = Enum.Parse<OnnxDevice>(flags.Text("device", "cpu"), ignoreCase: true),
            IntraOpThreads = flags.Number("threads", 1),
        });
        using var onnx = new OnnxScorer(model, data.Features);
        var options = new BatchingOptions { MaxWait = TimeSpan.FromMilliseconds(flags.Number("wait", 2)) };
        double alone = 0, merged = 0, worst = 0;
        long runs = 0;
        for (int round = 0; round < 5; round++)
        {
            (double perSecond, double[][] scores) = await MeasureAsync(onnx, data, callers, rows, calls);
            alone = Math.Max(alone, perSecond);
            await using var batching = new BatchingScorer(onnx, options);
            (perSecond, double[][] same) = await MeasureAsync(batching, data, callers, rows, calls);
            merged = Math.Max(merged, perSecond);
            runs = batching.Runs;
            worst = Math.Max(worst, scores.Zip(same, static (a, b) => a.Zip(b, static (x, y) => Math.Abs(x - y)).Max()).Max());
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{name}, {callers} callers, {rows} rows a call: runs {callers * calls} -> {runs} ({(double)callers * calls / runs:0.0} times fewer); rows/s {alone:0} -> {merged:0} ({merged / alone:0.00} times); largest difference {worst:0.0e+0}"));
        return 0;
    }

    private static async Task<(double RowsPerSecond, double[][] Scores)> MeasureAsync(IScorer scorer, TabularData data, int callers, int rows, int calls)
    {
        double[][] last = new double[callers][];
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            // Rows that were not asked before: a processor learns the branches of trees for rows that come again.
            int at = (int)((long)caller * data.Rows / callers) % (data.Rows - rows);
            for (int call = 0; call < calls; call++)
            {
                ReadOnlyMemory<float> some = data.Values.Slice(at * data.Features, rows * data.Features);
                Scores scores = await scorer.ScoreAsync(some);
                if (call == calls - 1)
                {
                    last[caller] = scores.Values.ToArray();
                }

                at = (at + rows) % (data.Rows - rows);
            }
        })));
        return ((double)callers * calls * rows / Stopwatch.GetElapsedTime(start).TotalSeconds, last);
    }
}
