using System.Runtime.CompilerServices;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// The margins of blocks of rows. Tree by tree: three levels at a time for eight rows with <see cref="TreeTops"/> where the
/// machine can, and the levels below, or all of them, by walking the rows of a block down together. Sums are float64, in
/// the order of the trees.
/// </summary>
internal sealed class TreeEvaluator
{
    private const int TopLevels = 3;
    private const int Places = 8;

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
        fixed (double* weightOf = _trees.Weights)
        {
            for (int t = 0; t < _weights.Length; t++)
            {
                int[] outputsOf = _trees.OutputsOf[t];
                if (_weights[t] is { } weights)
                {
                    for (int i = 0; i < outputsOf.Length; i++)
                    {
                        _tops!.AddWeights(t, weights.AsSpan(i * Places, Places), columns, rows, sums + (outputsOf[i] * TreeBlock.Rows));
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

                Walk(nodes, columns, at, rows, depth);

                foreach (int o in outputsOf)
                {
                    double* sum = sums + (o * TreeBlock.Rows);
                    for (int row = 0; row < rows; row++)
                    {
                        sum[row] += weightOf[(at[row] * outputs) + o];
                    }
                }
            }
        }
    }

    // One level after the other, and in each all rows: their memory accesses do not wait for each other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Walk(TreeNode* nodes, float* columns, int* at, int rows, int depth)
    {
        for (int moved = 1; depth > 0 && moved != 0; depth--)
        {
            moved = 0;
            for (int row = 0; row < rows; row++)
            {
                TreeNode* node = nodes + at[row];

                // As a number, not as a condition: which way a row goes cannot be predicted, so that a jump would cost more.
                byte holds = Unsafe.BitCast<bool, byte>(columns[node->Column + row] <= node->Threshold);
                int next = (&node->Otherwise)[holds];
                moved |= next ^ at[row];
                at[row] = next;
            }
        }
    }

    // The weights at a tree's places, as float32; null where float32 does not hold them exactly.
    private float[]? Exact(ReadOnlySpan<int> places, int[] outputsOf)
    {
        float[] weights = new float[outputsOf.Length * Places];
        for (int i = 0; i < outputsOf.Length; i++)
        {
            for (int place = 0; place < Places; place++)
            {
                double weight = _trees.Weights[(places[place] * _trees.Source.Outputs) + outputsOf[i]];
                weights[(i * Places) + place] = (float)weight;
                if (weights[(i * Places) + place] != weight)
                {
                    return null;
                }
            }
        }

        return weights;
    }
}
