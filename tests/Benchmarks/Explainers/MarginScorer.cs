using Sidecars.Explainers;
using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Tests;

namespace Explainers.Benchmarks;

/// <summary>The margins of a tree ensemble or linear model of the kit, for games that are played on margins.</summary>
internal sealed class MarginScorer : IScorer
{
    private readonly Action<ReadOnlyMemory<float>, Memory<double>> _read;
    private readonly int _outputs;

    public MarginScorer(string model)
    {
        string path = Kit.File($"models/{model}.onnx");
        if (TreeEnsembleReader.TryRead(path) is { } trees)
        {
            (Features, _outputs) = (trees.Features, trees.Outputs);
            _read = (row, margins) => trees.Margins(row.Span, margins.Span);
            return;
        }

        LinearModel linear = LinearModelReader.TryRead(path) ?? throw new ArgumentException($"{model} has no margins.");
        (Features, _outputs) = (linear.Features, linear.Margins);
        _read = (row, margins) => linear.ReadMargins(row.Span, margins.Span);
    }

    public int Features { get; }

    public ValueTask<Scores> ScoreAsync(ReadOnlyMemory<float> rows, CancellationToken cancellation = default)
    {
        int count = rows.Length / Features;
        double[] scores = new double[count * _outputs];
        for (int i = 0; i < count; i++)
        {
            _read(rows.Slice(i * Features, Features), scores.AsMemory(i * _outputs, _outputs));
        }

        return new(new Scores(scores, _outputs, ScoreKind.Margin));
    }
}
