using Sidecars.Explainers;
using Sidecars.Explainers.Scoring;
using Sidecars.Onnx;

namespace Explainers.Benchmarks;

/// <summary>
/// <c>device [--device cpu|cuda|tensorrt] [--threads N] [--coalitions 2048] [--background 100] [--explained 4] [--rounds 3]
/// [--width 2048] [--layers 5]</c>: rows a second of a small network (two layers of 64) and a large one on a device, by rows
/// and with the game inside the graph, and how far the answers are apart. Needs no data.
/// </summary>
internal static class DeviceCommand
{
    private const int Features = 30;

    public static async Task<int> RunAsync(string[] args)
    {
        var flags = new Flags(args);
        OnnxDevice device = Enum.Parse<OnnxDevice>(flags.Text("device", "cpu"), ignoreCase: true);
        string folder = Directory.CreateTempSubdirectory("networks-").FullName;
        try
        {
            await MeasureAsync(Path.Combine(folder, "small.onnx"), 2, 64, device, flags);
            await MeasureAsync(Path.Combine(folder, "large.onnx"), flags.Number("layers", 5), flags.Number("width", 2048), device, flags);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(string path, int layers, int width, OnnxDevice device, Flags flags)
    {
        Network.Write(path, Features, layers, width);
        int rows = flags.Number("background", 100), explained = flags.Number("explained", 4), rounds = flags.Number("rounds", 3);
        var random = new Random(2);
        float[] values = [.. Enumerable.Range(0, (rows + explained) * Features).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        Background background = Background.Uniform(new TabularData(values[..(rows * Features)], Features));
        var test = new TabularData(values[(rows * Features)..], Features);
        CoalitionSet coalitions = GameMeasure.Coalitions(Features, flags.Number("coalitions", 2048));
        using var model = new OnnxModel(path, new OnnxOptions
        {
            Device = device,
            IntraOpThreads = flags.Number("threads", Environment.ProcessorCount),
        });
        using var scorer = new OnnxScorer(model, Features, new OnnxScorerOptions { GameInGraph = true });
        (double byRows, double[] expected) = await GameMeasure.ByRowsAsync(scorer, test, explained, coalitions, background, rounds);
        (double inGraph, double[] actual) = await GameMeasure.InGraphAsync(scorer, test, explained, coalitions, background, rounds);
        double worst = actual.Zip(expected, static (a, b) => Math.Abs(a - b)).Max();

        // What was computed, for comparison between devices.
        double sum = expected.Where(static (_, i) => i % 2 == 1).Sum();
        Console.WriteLine(FormattableString.Invariant(
            $"{layers} layers of {width} on {model.Device}, {flags.Number("threads", Environment.ProcessorCount)} threads: rows/s by rows {byRows:0}, in the graph {inGraph:0} ({inGraph / byRows:0.00} times); largest difference {worst:0.0e+0}; sum {sum:0.000000}"));
    }
}
