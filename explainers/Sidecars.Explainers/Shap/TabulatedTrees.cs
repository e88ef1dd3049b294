using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Shap;

/// <summary>Trees whose leaves have <see cref="PatternTables"/>: made once for a model, a game and its players, then a few
/// additions for each row, leaf and player.</summary>
internal sealed class TabulatedTrees
{
    private readonly Leaf[] _leaves;
    private readonly int[] _players;
    private readonly KeyTest[] _tests;
    private readonly (int Output, double Weight)[] _weights;
    private readonly double[] _tables;
    private readonly int _tablesPerLeaf;
    private readonly bool _oneOutput;

    private readonly record struct Leaf(int Player, int Players, int Test, int Tests, int Weight, int Weights, int Table, bool Simple);

    /// <summary>Makes the tables.</summary>
    /// <param name="trees">The ensemble.</param>
    /// <param name="roots">Those of its trees that are tabulated.</param>
    /// <param name="players">The player of each feature.</param>
    /// <param name="background">The rows of the interventional game; null for the path-dependent one, which needs covers.</param>
    /// <param name="interactions">Whether interactions will be asked for.</param>
    public TabulatedTrees(TreeEnsemble trees, IEnumerable<int> roots, int[] players, Background? background, bool interactions)
    {
        _tablesPerLeaf = interactions ? PatternTables.ForInteractions : PatternTables.ForValues;
        _oneOutput = trees.Outputs == 1;
        var paths = new List<LeafPath>();
        var leaves = new List<Leaf>();
        var on = new List<int>();
        var tests = new List<KeyTest>();
        var weights = new List<(int, double)>();
        int table = 0;
        foreach (LeafPath path in roots.SelectMany(root => LeafPaths.Of(trees, root, players)).Where(static p => p.Players.Length > 0))
        {
            int weight = weights.Count;
            for (int output = 0; output < trees.Outputs; output++)
            {
                double w = trees.Weights[(path.Node * trees.Outputs) + output];
                if (w != 0)
                {
                    weights.Add((output, w));
                }
            }

            leaves.Add(new Leaf(
                on.Count, path.Players.Length, tests.Count, path.Tests.Length, weight, weights.Count - weight, table, path.IsSimple));
            paths.Add(path);
            on.AddRange(path.Players);
            tests.AddRange(path.Tests);
            table += _tablesPerLeaf << path.Players.Length;
        }

        (_leaves, _players, _tests, _weights) = ([.. leaves], [.. on], [.. tests], [.. weights]);
        _tables = new double[table];
        KeyBlock? block = background is null ? null : new KeyBlock(background.Rows, 0, background.Rows.Rows);
        Parallel.For(0, _leaves.Length, () => new Scratch(block), (i, _, scratch) =>
        {
            Tabulate(i, paths[i], background, block, scratch);
            return scratch;
        }, static _ => { });
    }

    /// <summary>How many bytes the tables take.</summary>
    public long Bytes => _tables.LongLength * sizeof(double);

    /// <summary>Adds what these trees give to a block of rows.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="start">The block's first row in <paramref name="sums"/>.</param>
    /// <param name="sums">Where it is added.</param>
    public void Add(KeyBlock block, int start, ShapSums sums)
    {
        int[] patterns = new int[block.Stride];
        foreach (ref readonly Leaf leaf in _leaves.AsSpan())
        {
            PatternIndex.Fill(_tests.AsSpan(leaf.Test, leaf.Tests), leaf.Simple, block, patterns);
            if (sums.Interactions is not null)
            {
                AddInteractions(in leaf, patterns.AsSpan(0, block.Rows), start, sums);
            }

            if (_oneOutput)
            {
                AddValues(in leaf, patterns.AsSpan(0, block.Rows), sums.Values.AsSpan(start * sums.Players), sums.Players);
            }
            else
            {
                AddValues(in leaf, patterns.AsSpan(0, block.Rows), start, sums);
            }
        }
    }

    // φ_k = U[a] − W[a∖k]. Where U[a] is 0 so is the whole polynomial: no row of the background gets to this leaf whatever
    // it takes from the explained row, and the other way round.
    private unsafe void AddValues(in Leaf leaf, ReadOnlySpan<int> patterns, Span<double> values, int players)
    {
        int count = leaf.Players;
        fixed (double* tables = &_tables[leaf.Table])
        fixed (int* on = &_players[leaf.Player])
        fixed (double* first = values)
        {
            double* u = tables, w = tables + (1 << count), row = first;
            foreach (int a in patterns)
            {
                double ua = u[a];
                if (ua != 0)
                {
                    for (int k = 0; k < count; k++)
                    {
                        row[on[k]] += ua - w[a & ~(1 << k)];
                    }
                }

                row += players;
            }
        }
    }

    private void AddValues(in Leaf leaf, ReadOnlySpan<int> patterns, int start, ShapSums sums)
    {
        int size = 1 << leaf.Players;
        ReadOnlySpan<double> u = _tables.AsSpan(leaf.Table, size), w = _tables.AsSpan(leaf.Table + size, size);
        ReadOnlySpan<int> on = _players.AsSpan(leaf.Player, leaf.Players);
        for (int i = 0; i < patterns.Length; i++)
        {
            int a = patterns[i];
            if (u[a] == 0)
            {
                continue;
            }

            for (int k = 0; k < on.Length; k++)
            {
                double phi = u[a] - w[a & ~(1 << k)];
                foreach ((int output, double weight) in _weights.AsSpan(leaf.Weight, leaf.Weights))
                {
                    sums.Values[((((start + i) * sums.Outputs) + output) * sums.Players) + on[k]] += weight * phi;
                }
            }
        }
    }

    // I_kl = A[a] − B[a∖k] − B[a∖l] + C[a∖k∖l].
    private void AddInteractions(in Leaf leaf, ReadOnlySpan<int> patterns, int start, ShapSums sums)
    {
        int size = 1 << leaf.Players, square = sums.Players * sums.Players;
        ReadOnlySpan<double> ta = _tables.AsSpan(leaf.Table + (2 * size), size), tb = _tables.AsSpan(leaf.Table + (3 * size), size);
        ReadOnlySpan<double> tc = _tables.AsSpan(leaf.Table + (4 * size), size);
        ReadOnlySpan<int> on = _players.AsSpan(leaf.Player, leaf.Players);
        ReadOnlySpan<(int Output, double Weight)> weights = _weights.AsSpan(leaf.Weight, leaf.Weights);
        for (int i = 0; i < patterns.Length; i++)
        {
            int a = patterns[i];
            if (ta[a] == 0)
            {
                continue;
            }

            Span<double> row = sums.Interactions.AsSpan((start + i) * sums.Outputs * square, sums.Outputs * square);
            for (int k = 0; k < on.Length; k++)
            {
                int withoutK = a & ~(1 << k);
                double first = ta[a] - tb[withoutK];
                for (int l = k + 1; l < on.Length; l++)
                {
                    double index = first - tb[a & ~(1 << l)] + tc[withoutK & ~(1 << l)];
                    int at = (on[k] * sums.Players) + on[l];
                    if (_oneOutput)
                    {
                        row[at] += index;
                        continue;
                    }

                    foreach ((int output, double weight) in weights)
                    {
                        row[(output * square) + at] += weight * index;
                    }
                }
            }
        }
    }

    private void Tabulate(int index, LeafPath path, Background? background, KeyBlock? block, Scratch scratch)
    {
        Leaf leaf = _leaves[index];
        int size = 1 << leaf.Players;
        Span<double> histogram = scratch.Histogram(size);
        if (background is null)
        {
            Bernoulli(path.Shares!, histogram);
        }
        else
        {
            histogram.Clear();
            PatternIndex.Fill(path.Tests, path.IsSimple, block!, scratch.Patterns);
            ReadOnlySpan<double> weights = background.Weights.Span;
            for (int row = 0; row < weights.Length; row++)
            {
                histogram[scratch.Patterns[row]] += weights[row];
            }
        }

        double scale = _oneOutput ? _weights[leaf.Weight].Weight : 1;
        PatternTables.Fill(leaf.Players, histogram, scale, _tables.AsSpan(leaf.Table, _tablesPerLeaf * size), scratch.Quadrature(size));
    }

    // The path-dependent game is the interventional one over a background in which each player independently satisfies its
    // part of the path, as often as the covers say.
    private static void Bernoulli(double[] shares, Span<double> histogram)
    {
        histogram[0] = 1;
        for (int k = 0; k < shares.Length; k++)
        {
            for (int p = (1 << k) - 1; p >= 0; p--)
            {
                histogram[p | (1 << k)] = histogram[p] * shares[k];
                histogram[p] *= 1 - shares[k];
            }
        }
    }

    private sealed class Scratch(KeyBlock? block)
    {
        private double[] _histogram = [], _quadrature = [];

        public int[] Patterns { get; } = new int[block?.Stride ?? 0];

        public Span<double> Histogram(int size) => Sized(ref _histogram, size);

        public Span<double> Quadrature(int size) => Sized(ref _quadrature, size * 8);

        private static Span<double> Sized(ref double[] room, int size)
        {
            if (room.Length < size)
            {
                room = new double[size];
            }

            return room.AsSpan(0, size);
        }
    }
}
