namespace Sidecars.Explainers.Graphs;

/// <summary>The weights of leaves as the classic operators list them: (tree, node, output, weight).</summary>
internal sealed class LeafWeights
{
    private readonly int _nodes;
    private readonly int[] _node;
    private readonly int[] _output;
    private readonly double[] _weight;

    private LeafWeights(int nodes, int[] node, int[] output, double[] weight)
    {
        _nodes = nodes;
        _node = node;
        _output = output;
        _weight = weight;
    }

    /// <summary>The outputs that some weight goes to.</summary>
    public IReadOnlySet<int> OutputsUsed => _output.ToHashSet();

    /// <summary>Whether no weight is negative.</summary>
    public bool AllPositive => !_weight.Any(static w => w < 0);

    /// <summary>Reads the lists; weights of nodes that are no leaves are left out, as ONNX Runtime does.</summary>
    public static LeafWeights Read(
        NodeAttributes attributes, string prefix, Dictionary<(long Tree, long Node), int> positions, TreeNodes nodes, int outputs)
    {
        double[] weights = NodeAttributes.Required(attributes.Numbers($"{prefix}_weights"), $"{prefix}_weights");
        long[] ids = Sized(attributes.Ints($"{prefix}_ids"), $"{prefix}_ids");
        long[] trees = Sized(attributes.Ints($"{prefix}_treeids"), $"{prefix}_treeids");
        long[] nodeIds = Sized(attributes.Ints($"{prefix}_nodeids"), $"{prefix}_nodeids");
        int[] node = new int[weights.Length];
        int[] output = new int[weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            if (!positions.TryGetValue((trees[i], nodeIds[i]), out node[i]))
            {
                throw new InvalidDataException($"A weight belongs to node {nodeIds[i]} of tree {trees[i]}, which is not there.");
            }

            if (ids[i] < 0 || ids[i] >= outputs)
            {
                throw new InvalidDataException($"A weight belongs to output {ids[i]} where there are {outputs}.");
            }

            output[i] = (int)ids[i];
            if (nodes.Feature[node[i]] >= 0)
            {
                node[i] = -1;
            }
        }

        return new LeafWeights(nodes.Feature.Length, node, output, weights);

        long[] Sized(long[]? array, string name) => array?.Length == weights.Length ? array
            : throw new InvalidDataException($"{name} has {array?.Length ?? 0} entries where there are {weights.Length} weights.");
    }

    /// <summary>The weights by node, [nodes, outputs]; with one output all count for it.</summary>
    public double[] ToArray(int outputs, double scale)
    {
        double[] result = new double[checked(_nodes * outputs)];
        for (int i = 0; i < _weight.Length; i++)
        {
            if (_node[i] >= 0)
            {
                result[(_node[i] * outputs) + (outputs == 1 ? 0 : _output[i])] += _weight[i] * scale;
            }
        }

        return result;
    }
}
