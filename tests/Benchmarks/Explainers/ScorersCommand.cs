using System.Diagnostics;
using System.Globalization;
using Sidecars.Explainers;
using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Scoring;
using Sidecars.Explainers.Tests;
using Sidecars.Onnx;

namespace Explainers.Benchmarks;

/// <summary>
/// <c>scorers MODEL [COALITIONS]</c>: microseconds a row on one thread, ONNX Runtime beside our own scorer, for small and
/// large calls; then the game of 100 background rows, played by rows and played on the model. Best of several rounds,
/// taken in turns.
/// </summary>
internal static class ScorersCommand
{
    private const int Rounds = 15;
    private const int BackgroundRows = 100;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string[] args)
    {
        string name = args[0];
        int coalitions = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2048;
        string path = Kit.File($"models/{name}.onnx");
        TabularData data = Kit.Rows($"data/{name[..name.LastIndexOf('_')]}.train.csv");
        using var model = new OnnxModel(path, new OnnxOptions { Device = OnnxDevice.Cpu, IntraOpThreads = 1 });
        var theirs = new OnnxScorer(model, data.Features);
        ICoalitionScorer? ours = TreeEnsembleReader.TryRead(path) is { } trees ? TreeScorer.TryCreate(trees, threads: 1)
            : LinearModelReader.TryRead(path) is { } linear ? new LinearScorer(linear)
            : null;
        if (ours is null)
        {
            Console.Error.WriteLine($"{name} is neither trees nor linear");
            return 1;
        }

        // The runtime compiles hot methods anew, in the background, after some dozens of calls.
        float[] warm = Rows(data, 1000);
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
        {
            await ours.ScoreAsync(warm);
            await theirs.ScoreAsync(warm);
            await ours.ScoreAsync(warm.AsMemory(0, data.Features));
        }

        foreach (int count in (int[])[1, 100, 1000, 10_000, 100_000])
        {
            float[] rows = Rows(data, count);
            Scores a = await theirs.ScoreAsync(rows);
            Scores b = await ours.ScoreAsync(rows);
            double distance = 0;
            for (int i = 0; i < a.Values.Length; i++)
            {
                distance = Math.Max(distance, Math.Abs(a.Values.Span[i] - b.Values.Span[i]));
            }

            int calls = Math.Max(1, 2000 / count);
            double best = double.MaxValue, bestOurs = double.MaxValue;
            for (int round = 0; round < Rounds; round++)
            {
                best = Math.Min(best, await Time(theirs, rows, calls) / count);
                bestOurs = Math.Min(bestOurs, await Time(ours, rows, calls) / count);
            }

            Console.WriteLine($"{name} {count,7} rows: ONNX Runtime {best,8:0.0000} us/row, ours {bestOurs,8:0.0000} us/row, {best / bestOurs,5:0.0}x; largest difference {distance:0.0e+0}");
        }

        await PlayAsync(name, data, ours, theirs, coalitions);
        return 0;
    }

    private static async Task PlayAsync(string name, TabularData data, ICoalitionScorer ours, IScorer theirs, int count)
    {
        if (!ours.ScoresCoalitions)
        {
            return;
        }

        var random = new Random(1);
        byte[] mask = new byte[count * data.Features];
        for (int i = 0; i < mask.Length; i++)
        {
            mask[i] = (byte)random.Next(2);
        }

        var coalitions = new CoalitionSet(data.Features, mask);
        Background background = Background.Uniform(new TabularData(Rows(data, BackgroundRows), data.Features));
        float[] row = data[777 % data.Rows].ToArray();
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
        {
            await ours.ScoreCoalitionsAsync(row, coalitions, background, default);
        }

        double game = double.MaxValue, rows = double.MaxValue, runtime = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            game = Math.Min(game, await Time(async () => await ours.ScoreCoalitionsAsync(row, coalitions, background, default)));
            rows = Math.Min(rows, await Time(async () => await ours.ScoreAsync(Mix(row, coalitions, background))));
            if (round < 3)
            {
                runtime = Math.Min(runtime, await Time(async () => await theirs.ScoreAsync(Mix(row, coalitions, background))));
            }
        }

        Console.WriteLine($"{name} game of {count} coalitions x {BackgroundRows}: on the model {game:0.00} ms, by rows {rows:0.00} ms, by rows with ONNX Runtime {runtime:0.00} ms");
    }

    private static float[] Rows(TabularData data, int count)
    {
        float[] rows = new float[count * data.Features];
        for (int i = 0; i < count; i++)
        {
            data[i * 37 % data.Rows].CopyTo(rows.AsSpan(i * data.Features));
        }

        return rows;
    }

    private static float[] Mix(float[] row, CoalitionSet coalitions, Background background)
    {
        float[] rows = new float[coalitions.Count * background.Rows.Rows * row.Length];
        ReadOnlySpan<byte> mask = coalitions.Mask.Span;
        int at = 0;
        for (int c = 0; c < coalitions.Count; c++)
        {
            for (int b = 0; b < background.Rows.Rows; b++)
            {
                ReadOnlySpan<float> other = background.Rows[b];
                for (int j = 0; j < row.Length; j++, at++)
                {
                    rows[at] = mask[(c * row.Length) + j] == 1 ? row[j] : other[j];
                }
            }
        }

        return rows;
    }

    private static async Task<double> Time(IScorer scorer, float[] rows, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            await scorer.ScoreAsync(rows);
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / calls;
    }

    private static async Task<double> Time(Func<Task> action)
    {
        long start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
