using System.Runtime.CompilerServices;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// The margins of blocks of rows. Tree by tree: three levels at a time for eight rows with <see cref="TreeTops"/> where the
/// machine can, and the levels below, or all of them, by walking eight rows down side by side, so that one's memory access
/// does not wait for another's. Sums are float64, in the order of the trees.
/// </summary>
internal sealed class TreeEvaluator
{
    private const int TopLevels = 3;
    private const int Lanes = 8;

    private readonly CompiledTrees _trees;
    private readonly TreeTops? _tops;

    // Decisions with their columns' places in a block.
    private readonly TreeNode[] _nodes;

    // [trees][outputs of the tree · 8] the weights at the places of trees that end within three levels; null for others.
    private readonly float[]?[] _weights;

    /// <summary>Prepares an ensemble.</summary>
    /// <param name="trees">The ensemble.</param>
    /// <param name="vectors">Whether vector instructions may be used where there are some.</param>
    public TreeEvaluator(CompiledTrees trees, bool vectors = true)
    {
        _trees = trees;
        _nodes = Array.ConvertAll(trees.Nodes, static n => n with { Column = n.Column * TreeBlock.Rows });
        _tops = vectors && TreeTops.IsSupported ? new TreeTops(trees) : null;
        _weights = new float[]?[trees.Roots.Length];
        for (int t = 0; _tops is not null && t < _weights.Length; t++)
        {
            _weights[t] = trees.Depths[t] <= TopLevels ? Exact(_tops.NodesOf(t), trees.OutputsOf[t]) : null;
        }
    }

    /// <summary>Works out the margins of a block's rows.</summary>
    /// <param name="block">The block, filled; its sums become the margins.</param>
    /// <param name="rows">How many of its rows count.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Run(TreeBlock block, int rows)
    {
        int outputs = _trees.Source.Outputs;
        for (int o = 0; o < outputs; o++)
        {
            block.Sums.AsSpan(o * TreeBlock.Rows, TreeBlock.Rows).Fill(_trees.Source.BaseValues[o]);
        }

        fixed (float* columns = block.Columns)
        fixed (double* sums = block.Sums)
        fixed (int* at = block.Nodes)
        fixed (TreeNode* nodes = _nodes)
        {
            for (int t = 0; t < _weights.Length; t++)
            {
                int[] outputsOf = _trees.OutputsOf[t];
                if (_weights[t] is { } weights)
                {
                    for (int i = 0; i < outputsOf.Length; i++)
                    {
                        _tops!.AddWeights(t, weights.AsSpan(i * Lanes, Lanes), columns, rows, sums + (outputsOf[i] * TreeBlock.Rows));
                    }

                    continue;
                }

                int depth = _trees.Depths[t];
                if (_tops is not null)
                {
                    _tops.FindNodes(t, columns, rows, at);
                    depth -= TopLevels;
                }
                else
                {
                    block.Nodes.AsSpan().Fill(_trees.Roots[t]);
                }

                for (int row = 0; row < rows; row += Lanes)
                {
                    Walk(nodes, columns + row, at + row, depth);
                }

                foreach (int o in outputsOf)
                {
                    double* sum = sums + (o * TreeBlock.Rows);
                    for (int row = 0; row < rows; row++)
                    {
                        sum[row] += _trees.Weights[(at[row] * outputs) + o];
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Walk(TreeNode* nodes, float* columns, int* at, int depth)
    {
        int n0 = at[0], n1 = at[1], n2 = at[2], n3 = at[3], n4 = at[4], n5 = at[5], n6 = at[6], n7 = at[7];
        for (; depth > 0; depth--)
        {
            int before = n0 + n1 + n2 + n3 + n4 + n5 + n6 + n7;
            n0 = Next(nodes + n0, columns);
            n1 = Next(nodes + n1, columns + 1);
            n2 = Next(nodes + n2, columns + 2);
            n3 = Next(nodes + n3, columns + 3);
            n4 = Next(nodes + n4, columns + 4);
            n5 = Next(nodes + n5, columns + 5);
            n6 = Next(nodes + n6, columns + 6);
            n7 = Next(nodes + n7, columns + 7);

            // A child stands after its parent, and only leaves stay where they are: an unchanged sum means all are leaves.
            if (before == n0 + n1 + n2 + n3 + n4 + n5 + n6 + n7)
            {
                break;
            }
        }

        (at[0], at[1], at[2], at[3], at[4], at[5], at[6], at[7]) = (n0, n1, n2, n3, n4, n5, n6, n7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe int Next(TreeNode* node, float* columns) =>
        (&node->Otherwise)[columns[node->Column] <= node->Threshold ? 1 : 0];

    // The weights at a tree's places, as float32; null where float32 does not hold them exactly.
    private float[]? Exact(ReadOnlySpan<int> places, int[] outputsOf)
    {
        float[] weights = new float[outputsOf.Length * Lanes];
        for (int i = 0; i < outputsOf.Length; i++)
        {
            for (int place = 0; place < Lanes; place++)
            {
                double weight = _trees.Weights[(places[place] * _trees.Source.Outputs) + outputsOf[i]];
                weights[(i * Lanes) + place] = (float)weight;
                if (weights[(i * Lanes) + place] != weight)
                {
                    return null;
                }
            }
        }

        return weights;
    }
}
