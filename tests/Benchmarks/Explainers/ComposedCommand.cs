using Sidecars.Explainers;
using Sidecars.Explainers.Scoring;
using Sidecars.Explainers.Tests;
using Sidecars.Onnx;

namespace Explainers.Benchmarks;

/// <summary>
/// <c>composed MODEL [--coalitions 2048] [--background 100] [--threads 1] [--device cpu]</c>: the game of KernelShap inside the
/// model's graph against rows made outside, rows of the model a second in the same process.
/// </summary>
internal static class ComposedCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        string name = args[0];
        var flags = new Flags(args);
        string set = name[..name.LastIndexOf('_')];
        TabularData test = Kit.Rows($"data/{set}.test.csv"), train = Kit.Rows($"data/{set}.train.csv");
        int rows = flags.Number("background", 100);
        Background background = Background.Uniform(new TabularData(train.Values[..(rows * train.Features)].ToArray(), train.Features));
        CoalitionSet coalitions = GameMeasure.Coalitions(train.Features, flags.Number("coalitions", 2048));
        using var model = new OnnxModel(Kit.File($"models/{name}.onnx"), new OnnxOptions
        {
            Device = Enum.Parse<OnnxDevice>(flags.Text("device", "cpu"), ignoreCase: true),
            IntraOpThreads = flags.Number("threads", 1),
        });
        using var scorer = new OnnxScorer(model, train.Features, new OnnxScorerOptions { GameInGraph = true });
        (double byRows, double[] expected) = await GameMeasure.ByRowsAsync(scorer, test, 2, coalitions, background, 5);
        (double inGraph, double[] values) = await GameMeasure.InGraphAsync(scorer, test, 2, coalitions, background, 5);
        double worst = values.Zip(expected, static (a, b) => Math.Abs(a - b)).Max();
        Console.WriteLine(FormattableString.Invariant(
            $"{name} on {model.Device}: rows/s by rows {byRows:0}, in the graph {inGraph:0} ({inGraph / byRows:0.00} times); largest difference {worst:0.0e+0}"));
        return 0;
    }
}
