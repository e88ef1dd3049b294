using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Graphs;

/// <summary>
/// Finds the tree ensemble in an ONNX file: a graph that is one TreeEnsembleClassifier, TreeEnsembleRegressor
/// (ai.onnx.ml 1 to 4) or TreeEnsemble (ai.onnx.ml 5), and nothing beside it that changes a number.
/// </summary>
internal static class TreeEnsembleReader
{
    /// <summary>Reads a file.</summary>
    /// <returns>The ensemble; null when the graph is something else.</returns>
    /// <inheritdoc cref="TryRead(string, out string?)"/>
    public static TreeEnsemble? TryRead(string onnxPath) => TryRead(onnxPath, out _);

    /// <summary>Reads a file, and says why when it is no tree ensemble.</summary>
    /// <param name="onnxPath">The ONNX file.</param>
    /// <param name="reason">Why it is none, as a sentence without its full stop; null when it is one.</param>
    /// <returns>The ensemble; null when the graph is something else, or something that has no exact reading here.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no ONNX file, or its trees are none: a missing or short array, an index
    /// out of range, a node that is its own descendant.</exception>
    public static TreeEnsemble? TryRead(string onnxPath, out string? reason)
    {
        ModelProto model = OnnxFile.Read(onnxPath);
        try
        {
            return TryRead(model, out reason);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{onnxPath}: {e.Message}", e);
        }
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">Its trees are none.</exception>
    public static TreeEnsemble? TryRead(ModelProto model, out string? reason)
    {
        try
        {
            reason = null;
            TreeGraph graph = TreeGraph.Find(model.Graph ?? throw new InvalidDataException("The model has no graph."));
            TreeEnsemble ensemble = graph.Tree.OpType == "TreeEnsemble"
                ? TreeEnsembleOperator.Read(graph.Tree, graph.Features)
                : TreeEnsembleClassicOperators.Read(graph.Tree, graph.Features);
            graph.CheckNormalizer(ensemble);
            return ensemble;
        }
        catch (NotPlainTreesException e)
        {
            reason = e.Message;
            return null;
        }
    }
}
