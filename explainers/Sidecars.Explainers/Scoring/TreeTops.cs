using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// The first three levels of a tree, decided for eight rows at once: all seven comparisons are made, whatever their
/// outcome, and the three that count give the place, 0 to 7, where the row comes out. There a leaf's weight or the node to
/// go on from is looked up by one permutation of a register. A tree of fewer levels repeats its leaves.
/// </summary>
internal sealed class TreeTops
{
    private const int Levels = 3;
    private const int Decisions = (1 << Levels) - 1;
    private const int Places = 1 << Levels;

    private readonly float[] _thresholds;
    private readonly int[] _columns;
    private readonly int[] _nodes;

    /// <summary>Lays out the tops of trees.</summary>
    public TreeTops(CompiledTrees trees)
    {
        int count = trees.Roots.Length;
        _thresholds = new float[count * Decisions];
        _columns = new int[count * Decisions];
        _nodes = new int[count * Places];
        for (int t = 0; t < count; t++)
        {
            Span<int> level = [trees.Roots[t], 0, 0, 0, 0, 0, 0, 0];
            for (int depth = 0, at = t * Decisions; depth < Levels; depth++)
            {
                Span<int> next = new int[Places];
                for (int i = 0; i < 1 << depth; i++, at++)
                {
                    TreeNode node = trees.Nodes[level[i]];
                    _thresholds[at] = node.Threshold;
                    _columns[at] = node.Column * TreeBlock.Rows;
                    next[2 * i] = node.Then;
                    next[(2 * i) + 1] = node.Otherwise;
                }

                level = next;
            }

            for (int i = 0; i < Places; i++)
            {
                _nodes[(t * Places) + Place(i)] = level[i];
            }
        }
    }

    /// <summary>Whether this machine has the instructions.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>What is found at each place of a tree: its nodes.</summary>
    public ReadOnlySpan<int> NodesOf(int tree) => _nodes.AsSpan(tree * Places, Places);

    /// <summary>Adds the weight at each row's place to the row's sum.</summary>
    /// <param name="tree">Which tree.</param>
    /// <param name="weights">The weights of its places, [8].</param>
    /// <param name="columns">The block's columns.</param>
    /// <param name="rows">How many rows of the block count; up to seven more may be worked on.</param>
    /// <param name="sums">The rows' sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void AddWeights(int tree, ReadOnlySpan<float> weights, float* columns, int rows, double* sums)
    {
        fixed (float* thresholds = &_thresholds[tree * Decisions])
        fixed (int* at = &_columns[tree * Decisions])
        {
            var top = new Top(thresholds, at, columns);
            Vector256<float> table = Vector256.Create(weights);
            for (int row = 0; row < rows; row += Vector256<float>.Count)
            {
                Vector256<float> found = Avx2.PermuteVar8x32(table, top.Place(row));
                double* sum = sums + row;
                (Vector256.Load(sum) + Avx.ConvertToVector256Double(found.GetLower())).Store(sum);
                (Vector256.Load(sum + 4) + Avx.ConvertToVector256Double(found.GetUpper())).Store(sum + 4);
            }
        }
    }

    /// <summary>Finds the node at which each row comes out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void FindNodes(int tree, float* columns, int rows, int* nodes)
    {
        fixed (float* thresholds = &_thresholds[tree * Decisions])
        fixed (int* at = &_columns[tree * Decisions])
        {
            var top = new Top(thresholds, at, columns);
            Vector256<int> table = Vector256.Create<int>(NodesOf(tree));
            for (int row = 0; row < rows; row += Vector256<float>.Count)
            {
                Avx2.PermuteVar8x32(table, top.Place(row)).Store(nodes + row);
            }
        }
    }

    // A comparison that holds is −1 in a lane. Three of them, a before b before c, are summed to −(4a + 2b + c), of which
    // a permutation reads the lowest three bits; leaf i of 8, counted from "all hold", has 4a + 2b + c = 7 − i.
    private static int Place(int leaf) => (Places - (Places - 1 - leaf)) % Places;

    private readonly unsafe ref struct Top
    {
        private readonly Vector256<float> _t0, _t1, _t2, _t3, _t4, _t5, _t6;
        private readonly float* _c0, _c1, _c2, _c3, _c4, _c5, _c6;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Top(float* thresholds, int* at, float* columns)
        {
            (_t0, _t1, _t2, _t3) = (Vector256.Create(thresholds[0]), Vector256.Create(thresholds[1]), Vector256.Create(thresholds[2]), Vector256.Create(thresholds[3]));
            (_t4, _t5, _t6) = (Vector256.Create(thresholds[4]), Vector256.Create(thresholds[5]), Vector256.Create(thresholds[6]));
            _c0 = columns + at[0];
            _c1 = columns + at[1];
            _c2 = columns + at[2];
            _c3 = columns + at[3];
            _c4 = columns + at[4];
            _c5 = columns + at[5];
            _c6 = columns + at[6];
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<int> Place(int row)
        {
            Vector256<float> m0 = Vector256.LessThanOrEqual(Vector256.Load(_c0 + row), _t0);
            Vector256<float> m1 = Vector256.LessThanOrEqual(Vector256.Load(_c1 + row), _t1);
            Vector256<float> m2 = Vector256.LessThanOrEqual(Vector256.Load(_c2 + row), _t2);
            Vector256<float> m3 = Vector256.LessThanOrEqual(Vector256.Load(_c3 + row), _t3);
            Vector256<float> m4 = Vector256.LessThanOrEqual(Vector256.Load(_c4 + row), _t4);
            Vector256<float> m5 = Vector256.LessThanOrEqual(Vector256.Load(_c5 + row), _t5);
            Vector256<float> m6 = Vector256.LessThanOrEqual(Vector256.Load(_c6 + row), _t6);
            Vector256<float> second = Avx.BlendVariable(m2, m1, m0);
            Vector256<float> third = Avx.BlendVariable(Avx.BlendVariable(m6, m5, m2), Avx.BlendVariable(m4, m3, m1), m0);
            Vector256<int> place = m0.AsInt32();
            place = place + place + second.AsInt32();
            return place + place + third.AsInt32();
        }
    }
}
