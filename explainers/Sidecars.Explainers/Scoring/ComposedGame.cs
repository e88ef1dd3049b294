using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Sidecars.Onnx;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// Plays the game of one background inside its graph. Masks stay where the run needs them, on a GPU in its own memory, for
/// as long as the same coalitions are played.
/// </summary>
internal sealed class ComposedGame : IDisposable
{
    private readonly OnnxModel _model;
    private readonly int _features;
    private readonly int _outputs;
    private readonly int _background;
    private readonly int _coalitions;
    private readonly ConcurrentBag<Lane> _idle = [];

    /// <param name="model">The graph, see <see cref="KernelShapGraph"/>; it is released with this.</param>
    /// <param name="features">How many features a row has.</param>
    /// <param name="outputs">How many scores a row has.</param>
    /// <param name="background">How many rows the background has.</param>
    /// <param name="maxRows">How many rows of the model one run takes at most, but for a single coalition.</param>
    public ComposedGame(OnnxModel model, int features, int outputs, int background, int maxRows)
    {
        _model = model;
        _features = features;
        _outputs = outputs;
        _background = background;
        _coalitions = Math.Max(1, maxRows / background);
    }

    /// <summary>v of every coalition, [coalitions, outputs].</summary>
    public double[] Play(ReadOnlyMemory<float> row, CoalitionSet coalitions, CancellationToken cancellation)
    {
        double[] values = GC.AllocateUninitializedArray<double>(coalitions.Count * _outputs);
        Run(row, coalitions, projection: default, players: 0, cancellation, (from, v) => v.CopyTo(values.AsSpan(from * _outputs)));
        return values;
    }

    /// <summary>P · link(v), [players, outputs], by a graph that projects.</summary>
    /// <param name="row">The explained row.</param>
    /// <param name="coalitions">The coalitions.</param>
    /// <param name="projection">P, [players, coalitions].</param>
    /// <param name="cancellation">Gives up.</param>
    public double[] Project(ReadOnlyMemory<float> row, CoalitionSet coalitions, ReadOnlyMemory<double> projection, CancellationToken cancellation)
    {
        int players = projection.Length / coalitions.Count;
        double[] values = new double[players * _outputs];
        Run(row, coalitions, projection, players, cancellation, (_, part) =>
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] += part[i];
            }
        });
        return values;
    }

    public void Dispose()
    {
        while (_idle.TryTake(out Lane? lane))
        {
            lane.Binding.Dispose();
        }

        _model.Dispose();
    }

    private void Run(
        ReadOnlyMemory<float> row,
        CoalitionSet coalitions,
        ReadOnlyMemory<double> projection,
        int players,
        CancellationToken cancellation,
        Action<int, ReadOnlySpan<double>> take)
    {
        if (!_idle.TryTake(out Lane? lane))
        {
            lane = new Lane(_model.CreateBinding());
        }

        try
        {
            for (int from = 0; from < coalitions.Count; from += _coalitions)
            {
                int count = Math.Min(_coalitions, coalitions.Count - from);
                lane.Binding.SetInput(KernelShapGraph.RowInput, row, 1, 1, _features);
                if (!ReferenceEquals(lane.Coalitions, coalitions) || lane.From != from || !lane.Projection.Equals(projection))
                {
                    // Forgotten first: a run that fails half way leaves nothing that could be taken for it.
                    lane.Coalitions = null;
                    coalitions.Mask.Span.Slice(from * _features, count * _features).CopyTo(
                        MemoryMarshal.AsBytes(lane.Binding.Input<bool>(KernelShapGraph.MaskInput, count, 1, _features)));
                    if (players > 0)
                    {
                        Fill(lane.Binding.Input<double>(KernelShapGraph.ProjectionInput, players, count), projection.Span, from, count);
                    }

                    (lane.Coalitions, lane.From, lane.Projection) = (coalitions, from, projection);
                }

                lane.Binding.SetOutput<double>(0, players > 0 ? players : count, _outputs);
                long start = Stopwatch.GetTimestamp();
                lane.Binding.Run(cancellation);
                ScorerMeter.Count("game", (long)count * _background, start);
                take(from, lane.Binding.Output<double>(0));
            }
        }
        finally
        {
            _idle.Add(lane);
        }
    }

    /// <summary>The columns of P that go with some of the coalitions.</summary>
    private static void Fill(Span<double> to, ReadOnlySpan<double> projection, int from, int count)
    {
        int all = projection.Length / (to.Length / count);
        for (int player = 0; player * count < to.Length; player++)
        {
            projection.Slice((player * all) + from, count).CopyTo(to[(player * count)..]);
        }
    }

    /// <summary>One binding, and what is in its memory.</summary>
    private sealed class Lane(OnnxBinding binding)
    {
        public OnnxBinding Binding { get; } = binding;

        public CoalitionSet? Coalitions { get; set; }

        public int From { get; set; }

        public ReadOnlyMemory<double> Projection { get; set; }
    }
}
