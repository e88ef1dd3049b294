using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Graphs;

/// <summary>
/// Reads a graph as a mathematician would: every tensor is either constant, or its numbers are sums of terms of one
/// feature each, perhaps with a function around them, or it is not understood. What is not understood does no harm unless
/// an output needs it.
/// </summary>
internal sealed class AdditiveGraph
{
    private readonly Dictionary<string, ConstantTensor> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SymbolicTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _reasons = new(StringComparer.Ordinal);

    /// <summary>Reads all nodes, which ONNX has in an order in which they can be computed.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The name of its one input.</param>
    /// <param name="features">How many features a row of the input has.</param>
    public AdditiveGraph(GraphProto graph, string input, int features)
    {
        foreach (TensorProto initializer in graph.Initializer)
        {
            Keep(initializer.Name, ConstantTensor.Read(initializer));
        }

        _tensors[input] = SymbolicTensor.Matrix([.. Enumerable.Range(0, features).Select(AdditiveColumn.Of)]);
        foreach (NodeProto node in graph.Node)
        {
            Read(node);
        }
    }

    /// <summary>What an output is.</summary>
    /// <param name="name">The output.</param>
    /// <param name="reason">Why it is not understood; null where it is.</param>
    public SymbolicTensor? Find(string name, out string? reason)
    {
        SymbolicTensor? found = _tensors.GetValueOrDefault(name);
        reason = found is not null ? null : _reasons.GetValueOrDefault(name) ?? $"'{name}' does not depend on the row";
        return found;
    }

    private void Read(NodeProto node)
    {
        if (node.Output.Count == 0)
        {
            return;
        }

        if (node.OpType == "Constant")
        {
            Keep(node.Output[0], ReadConstant(node));
            return;
        }

        // A classifier's scores are its second output; the label, its first, is not a sum of anything.
        int at = node.OpType == "LinearClassifier" ? 1 : 0;
        string? reason = null;
        SymbolicTensor? result = null;
        if (node.Input.FirstOrDefault(_reasons.ContainsKey) is { } bad)
        {
            reason = _reasons[bad];
        }
        else
        {
            object?[] inputs = [.. node.Input.Select(name =>
                _tensors.TryGetValue(name, out SymbolicTensor? tensor) ? (object)tensor : _constants.GetValueOrDefault(name))];
            result = AdditiveOperators.Apply(node, inputs);
            reason = $"operator {node.OpType}{(node.Name.Length > 0 ? $" ('{node.Name}')" : "")} is none, or used in no way, that keeps features apart";
        }

        for (int i = 0; i < node.Output.Count; i++)
        {
            if (i == at && result is not null)
            {
                _tensors[node.Output[i]] = result;
            }
            else
            {
                _reasons[node.Output[i]] = result is null ? reason : $"'{node.Output[i]}' is no score";
            }
        }
    }

    private static ConstantTensor? ReadConstant(NodeProto node) => node.Attribute switch
    {
        [{ Name: "value" } value] => ConstantTensor.Read(value.T),
        [{ Name: "value_float" } value] => new ConstantTensor([], [value.F]),
        [{ Name: "value_int" } value] => new ConstantTensor([], [value.I]),
        [{ Name: "value_floats" } value] => new ConstantTensor([value.Floats.Count], [.. value.Floats.Select(static v => (double)v)]),
        [{ Name: "value_ints" } value] => new ConstantTensor([value.Ints.Count], [.. value.Ints.Select(static v => (double)v)]),
        _ => null,
    };

    private void Keep(string name, ConstantTensor? constant)
    {
        if (constant is null)
        {
            _reasons[name] = $"constant '{name}' is of a type that is not read, or broken";
        }
        else
        {
            _constants[name] = constant;
        }
    }
}
