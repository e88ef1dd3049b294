using System.Diagnostics;
using Sidecars.Explainers;
using Sidecars.Explainers.Tests;
using Sidecars.Onnx;

namespace Explainers.Benchmarks;

/// <summary><c>predict MODEL [ROWS [ROWS OF ONE RUN]]</c>: microseconds a row that the model costs in ONNX Runtime, on one thread.</summary>
internal static class PredictCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        string model = args[0];
        int count = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 10_000;
        TabularData data = Kit.Rows($"data/{model[..model.LastIndexOf('_')]}.train.csv");
        float[] rows = new float[count * data.Features];
        for (int i = 0; i < count; i++)
        {
            data[i % data.Rows].CopyTo(rows.AsSpan(i * data.Features));
        }

        using var onnx = new OnnxModel(Kit.File($"models/{model}.onnx"), new OnnxOptions { Device = OnnxDevice.Cpu, IntraOpThreads = 1 });
        int? runs = args.Length > 2 ? int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture) : null;
        using var scorer = new OnnxScorer(onnx, data.Features, new OnnxScorerOptions { MaxRows = runs });
        double best = double.MaxValue;
        for (int round = 0; round < 20; round++)
        {
            long start = Stopwatch.GetTimestamp();
            await scorer.ScoreAsync(rows);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / count);
        }

        Console.WriteLine($"{model}: {best:0.000} us/row at {count} rows");
        return 0;
    }
}
