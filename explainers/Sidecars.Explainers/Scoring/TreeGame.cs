using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Scoring;

/// <summary>
/// The game of one row on a tree ensemble, played on trees instead of rows. For one background row b, the margin as a
/// function of the coalition S is a polynomial in "feature j is in S": a leaf that is reached when the features I come from
/// the row and the features O do not adds its weight times <c>Π_I s_i · Π_O (1 − s_o)</c>. A walk down each tree collects
/// the coefficients (only where row and background row disagree does it fork), and one pass over the lattice of
/// subsets, as in a fast zeta transform, turns them into the margins of all coalitions at once.
/// </summary>
internal sealed class TreeGame
{
    /// <summary>How many features may matter: 2^13 margins stay in the processor's cache.</summary>
    public const int MostFeatures = 13;

    private readonly CompiledTrees _trees;
    private readonly ScoreTransform _transform;
    private readonly int[] _bitOf;
    private readonly int _bits;
    private readonly bool[] _rowDecides;
    private readonly Stack<(int Node, int In, int Out)> _open = new();

    private TreeGame(CompiledTrees trees, ScoreTransform transform, float[] row, int[] bitOf, int bits)
    {
        _trees = trees;
        _transform = transform;
        _bitOf = bitOf;
        _bits = bits;
        _rowDecides = new bool[trees.Nodes.Length];
        for (int n = 0; n < _rowDecides.Length; n++)
        {
            TreeNode node = trees.Nodes[n];
            _rowDecides[n] = trees.ValueIn(node.Column, row[trees.FeatureOf(node.Column)]) <= node.Threshold;
        }
    }

    /// <summary>Prepares the game of a row; null where too many features matter.</summary>
    public static TreeGame? TryCreate(CompiledTrees trees, ScoreTransform transform, float[] row, Background background)
    {
        int[] bitOf = new int[row.Length];
        Array.Fill(bitOf, -1);
        int bits = 0;
        foreach (int j in trees.Nodes.Where(static n => !float.IsNaN(n.Threshold)).Select(n => trees.FeatureOf(n.Column)).Distinct().Order())
        {
            for (int b = 0; b < background.Rows.Rows; b++)
            {
                if (!background.Rows[b][j].Equals(row[j]))
                {
                    bitOf[j] = bits++;
                    break;
                }
            }
        }

        return bits <= MostFeatures ? new TreeGame(trees, transform, row, bitOf, bits) : null;
    }

    /// <summary>v(S) of every coalition, [coalitions, outputs].</summary>
    public double[] Play(CoalitionSet coalitions, Background background, CancellationToken cancellation)
    {
        int outputs = _trees.Source.Outputs;
        int[] subsets = Subsets(coalitions);
        double[] lattice = new double[outputs << _bits];
        double[] margins = new double[subsets.Length * outputs];
        double[] scores = new double[subsets.Length * _transform.Outputs(outputs)];
        double[] values = new double[scores.Length];
        bool affine = _transform.IsAffine();
        for (int b = 0; b < background.Rows.Rows; b++)
        {
            cancellation.ThrowIfCancellationRequested();
            double weight = background.Weights.Span[b];
            if (affine)
            {
                // A mean of sums is a sum of means: one pass over the lattice is enough for all background rows.
                Collect(background.Rows[b], weight, lattice);
                continue;
            }

            Array.Clear(lattice);
            Collect(background.Rows[b], 1, lattice);
            Spread(lattice);
            Pick(lattice, subsets, margins);
            if (_transform == ScoreTransform.LogisticPair)
            {
                DoubleSpans.Exp(margins, -1);
                AddLogisticPair(margins, weight, values);
                continue;
            }

            _transform.Apply(margins, outputs, scores);
            DoubleSpans.AddScaled(values, weight, scores);
        }

        if (affine)
        {
            Spread(lattice);
            Pick(lattice, subsets, margins);
            _transform.Apply(margins, outputs, values);
        }

        return _transform == ScoreTransform.LogisticPair ? Interleave(values) : values;
    }

    private int[] Subsets(CoalitionSet coalitions)
    {
        int[] subsets = new int[coalitions.Count];
        ReadOnlySpan<byte> mask = coalitions.Mask.Span;
        for (int j = 0; j < _bitOf.Length; j++)
        {
            if (_bitOf[j] >= 0)
            {
                for (int c = 0, at = j; c < subsets.Length; c++, at += _bitOf.Length)
                {
                    subsets[c] |= mask[at] << _bitOf[j];
                }
            }
        }

        return subsets;
    }

    // The coefficients of all trees, times the weight of the background row: [outputs][2^bits].
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(ReadOnlySpan<float> background, double weight, double[] lattice)
    {
        int outputs = _trees.Source.Outputs;
        for (int o = 0; o < outputs; o++)
        {
            lattice[o << _bits] += weight * _trees.Source.BaseValues[o];
        }

        for (int t = 0; t < _trees.Roots.Length; t++)
        {
            int[] outputsOf = _trees.OutputsOf[t];
            (int Node, int In, int Out) at = (_trees.Roots[t], 0, 0);
            while (true)
            {
                ref readonly TreeNode node = ref _trees.Nodes[at.Node];
                if (node.Then == at.Node)
                {
                    foreach (int o in outputsOf)
                    {
                        AddLeaf(lattice.AsSpan(o << _bits, 1 << _bits), at.In, at.Out, weight * _trees.Weights[(at.Node * outputs) + o]);
                    }

                    if (!_open.TryPop(out at))
                    {
                        break;
                    }

                    continue;
                }

                int feature = _trees.FeatureOf(node.Column);
                bool rowDecides = _rowDecides[at.Node];
                bool backgroundDecides = _trees.ValueIn(node.Column, background[feature]) <= node.Threshold;
                int bit = _bitOf[feature] < 0 ? 0 : 1 << _bitOf[feature];
                if (rowDecides != backgroundDecides && ((at.In | at.Out) & bit) == 0)
                {
                    _open.Push((backgroundDecides ? node.Then : node.Otherwise, at.In, at.Out | bit));
                    at.In |= bit;
                }

                bool decides = (at.In & bit) != 0 ? rowDecides : backgroundDecides;
                at.Node = decides ? node.Then : node.Otherwise;
            }
        }
    }

    // Π_O (1 − s_o) is the alternating sum over the subsets of O.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddLeaf(Span<double> lattice, int included, int excluded, double weight)
    {
        for (int subset = excluded; ; subset = (subset - 1) & excluded)
        {
            lattice[included | subset] += (BitOperations.PopCount((uint)subset) & 1) == 0 ? weight : -weight;
            if (subset == 0)
            {
                return;
            }
        }
    }

    // f(S) = Σ_{T ⊆ S} a(T), one feature after the other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spread(double[] lattice)
    {
        for (int bit = 0; bit < _bits; bit++)
        {
            int step = 1 << bit;
            if (step < Vector<double>.Count)
            {
                for (int at = 0; at < lattice.Length; at += 2 * step)
                {
                    for (int i = at; i < at + step; i++)
                    {
                        lattice[i + step] += lattice[i];
                    }
                }

                continue;
            }

            Span<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(lattice.AsSpan());
            int stride = step / Vector<double>.Count;
            for (int at = 0; at < vectors.Length; at += 2 * stride)
            {
                Span<Vector<double>> without = vectors.Slice(at, stride);
                Span<Vector<double>> with = vectors.Slice(at + stride, stride);
                for (int i = 0; i < without.Length; i++)
                {
                    with[i] += without[i];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pick(double[] lattice, int[] subsets, double[] margins)
    {
        int outputs = _trees.Source.Outputs;
        for (int o = 0; o < outputs; o++)
        {
            ReadOnlySpan<double> of = lattice.AsSpan(o << _bits, 1 << _bits);
            for (int c = 0, at = o; c < subsets.Length; c++, at += outputs)
            {
                margins[at] = of[subsets[c]];
            }
        }
    }

    // e = exp(−m): σ(m) = 1 / (1 + e), σ(−m) = e / (1 + e). The sums stand as all first classes and then all second ones.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddLogisticPair(ReadOnlySpan<double> exponentials, double weight, Span<double> values)
    {
        ReadOnlySpan<Vector<double>> e = MemoryMarshal.Cast<double, Vector<double>>(exponentials);
        Span<Vector<double>> first = MemoryMarshal.Cast<double, Vector<double>>(values[..exponentials.Length]);
        Span<Vector<double>> second = MemoryMarshal.Cast<double, Vector<double>>(values[exponentials.Length..]);
        for (int i = 0; i < e.Length; i++)
        {
            Vector<double> share = new Vector<double>(weight) / (Vector<double>.One + e[i]);
            first[i] += e[i] * share;
            second[i] += share;
        }

        for (int i = e.Length * Vector<double>.Count; i < exponentials.Length; i++)
        {
            double share = weight / (1 + exponentials[i]);
            values[i] += exponentials[i] * share;
            values[exponentials.Length + i] += share;
        }
    }

    private static double[] Interleave(double[] values)
    {
        double[] pairs = new double[values.Length];
        for (int i = 0; i < values.Length / 2; i++)
        {
            pairs[2 * i] = values[i];
            pairs[(2 * i) + 1] = values[(values.Length / 2) + i];
        }

        return pairs;
    }
}
