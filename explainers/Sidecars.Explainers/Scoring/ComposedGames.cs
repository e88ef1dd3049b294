using System.Runtime.CompilerServices;
using Sidecars.Explainers.Graphs.Onnx;
using Sidecars.Onnx;

namespace Sidecars.Explainers.Scoring;

/// <summary>The games around one model, one for each background they were asked for.</summary>
/// <param name="model">The session whose device and options the games share.</param>
/// <param name="file">The model's file, as read.</param>
/// <param name="inputs">How rows become inputs.</param>
/// <param name="scores">The tensor of scores.</param>
/// <param name="outputs">How many a row has.</param>
/// <param name="maxRows">How many rows of the model one run takes at most.</param>
internal sealed class ComposedGames(OnnxModel model, ModelProto file, RowInputs inputs, string scores, int outputs, int maxRows) : IDisposable
{
    // Keyed by the object itself: a background is made once and used for thousands of rows.
    private readonly ConditionalWeakTable<Background, Lazy<ComposedGame>> _games = [];

    /// <summary>How many scores a row has.</summary>
    public int Outputs => outputs;

    public ComposedGame For(Background background) =>
        _games.GetValue(background, b => new Lazy<ComposedGame>(() => Create(b, projected: null))).Value;

    /// <summary>A game of its own: v, or with a link what a projection makes of it. It is released by whoever asked.</summary>
    /// <exception cref="SidecarConfigurationException">ONNX Runtime does not take the graph.</exception>
    public ComposedGame Create(Background background, ShapLink? projected)
    {
        byte[] graph = KernelShapGraph.Compose(file, inputs, scores, outputs, background, projected);
        return new ComposedGame(model.WithGraph(graph), inputs.Features, outputs, background.Rows.Rows, maxRows);
    }

    public void Dispose()
    {
        foreach ((_, Lazy<ComposedGame> game) in _games)
        {
            if (game.IsValueCreated)
            {
                game.Value.Dispose();
            }
        }
    }
}
