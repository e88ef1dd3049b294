using System.Numerics;
using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// The path-dependent game on trees with too many players on a path for tables. For each leaf, with a_k whether the row
/// satisfies player k's part of the path and z_k its share of the training weight,
/// φ_k = ∫ (a_k − z_k) ∏_{j≠k} (a_j t + z_j (1 − t)) dt, by a quadrature with enough points to be exact: time for a row grows
/// with leaves × players², memory with the tree's depth.
/// </summary>
internal sealed class DeepPathDependent
{
    private readonly TreeEnsemble _trees;
    private readonly int[] _roots;
    private readonly int[] _players;
    private readonly int _playerCount;
    private readonly int _points;
    private readonly double[] _t;
    private readonly double[] _weights;

    public DeepPathDependent(TreeEnsemble trees, int[] roots, int[] players, int playerCount, int maxPathPlayers)
    {
        (_trees, _roots, _players, _playerCount) = (trees, roots, players, playerCount);
        int lanes = Vector<double>.Count, needed = Math.Max(1, (maxPathPlayers + 1) / 2);
        _points = (needed + lanes - 1) / lanes * lanes;
        var rule = GaussLegendre.Of(_points);
        (_t, _weights) = (rule.Points, rule.Weights);
    }

    /// <summary>Adds what these trees give to a row.</summary>
    public void Add(ReadOnlySpan<float> row, int index, ShapSums sums, CancellationToken cancellation)
    {
        var state = new State(_playerCount, _points);
        foreach (int root in _roots)
        {
            cancellation.ThrowIfCancellationRequested();
            AddTree(root, row, index, sums, state);
        }
    }

    private void AddTree(int root, ReadOnlySpan<float> row, int index, ShapSums sums, State state)
    {
        state.Open.Push(new Edge(root, 0, -1, false, 0));
        while (state.Open.TryPop(out Edge edge))
        {
            state.Back(edge.Depth);
            if (edge.Player >= 0)
            {
                state.Enter(edge);
            }

            int node = edge.Node;
            if (_trees.Feature[node] < 0)
            {
                AddLeaf(node, index, sums, state);
                continue;
            }

            int feature = _trees.Feature[node], player = _players[feature];
            bool goesLeft = _trees.GoesLeft(node, row[feature]);
            Push(_trees.Right[node], player, !goesLeft, LeafPaths.Share(_trees, node, left: false), state);
            Push(_trees.Left[node], player, goesLeft, LeafPaths.Share(_trees, node, left: true), state);
        }

        state.Back(0);
    }

    // Below a player that neither the row nor the training data lets through, nothing counts.
    private static void Push(int child, int player, bool satisfied, double share, State state)
    {
        bool a = satisfied && (!state.IsOn(player) || state.Satisfied[player]);
        double z = share * (state.IsOn(player) ? state.Share[player] : 1);
        if (a || z > 0)
        {
            state.Open.Push(new Edge(child, state.Depth, player, a, z));
        }
    }

    private void AddLeaf(int leaf, int index, ShapSums sums, State state)
    {
        ReadOnlySpan<double> weights = _trees.Weights.AsSpan(leaf * _trees.Outputs, _trees.Outputs);
        if (!weights.ContainsAnyExcept(0.0))
        {
            return;
        }

        List<int> on = state.On;
        Span<double> product = state.Product;
        _weights.CopyTo(product);
        for (int i = 0; i < on.Count; i++)
        {
            Span<double> inverse = state.Inverse(i);
            double a = state.Satisfied[on[i]] ? 1 : 0, z = state.Share[on[i]];
            for (int q = 0; q < _points; q += Vector<double>.Count)
            {
                var t = new Vector<double>(_t, q);
                Vector<double> factor = (t * a) + ((Vector<double>.One - t) * z);
                (new Vector<double>(product[q..]) * factor).CopyTo(product[q..]);
                (new Vector<double>(a - z) / factor).CopyTo(inverse[q..]);
            }
        }

        for (int i = 0; i < on.Count; i++)
        {
            ReadOnlySpan<double> inverse = state.Inverse(i);
            double phi = Dot(product, inverse, inverse, second: false);
            for (int output = 0; output < weights.Length; output++)
            {
                sums.Values[(((index * sums.Outputs) + output) * sums.Players) + on[i]] += weights[output] * phi;
            }

            for (int j = i + 1; sums.Interactions is not null && j < on.Count; j++)
            {
                double pair = Dot(product, inverse, state.Inverse(j), second: true);
                int at = (Math.Min(on[i], on[j]) * sums.Players) + Math.Max(on[i], on[j]);
                for (int output = 0; output < weights.Length; output++)
                {
                    sums.Interactions[(((index * sums.Outputs) + output) * sums.Players * sums.Players) + at] += weights[output] * pair;
                }
            }
        }
    }

    private double Dot(ReadOnlySpan<double> product, ReadOnlySpan<double> x, ReadOnlySpan<double> y, bool second)
    {
        Vector<double> sum = Vector<double>.Zero;
        for (int q = 0; q < _points; q += Vector<double>.Count)
        {
            Vector<double> term = new Vector<double>(product[q..]) * new Vector<double>(x[q..]);
            sum += second ? term * new Vector<double>(y[q..]) : term;
        }

        return Vector.Sum(sum);
    }

    private readonly record struct Edge(int Node, int Depth, int Player, bool Satisfied, double Share);

    // What the path to the current node asks, by player; a trail undoes it when the walk goes back up.
    private sealed class State(int players, int points)
    {
        private readonly List<(int Player, bool New, bool Satisfied, double Share)> _trail = [];
        private readonly bool[] _isOn = new bool[players];
        private double[] _inverse = new double[16 * points];

        public Stack<Edge> Open { get; } = new();

        public List<int> On { get; } = [];

        public bool[] Satisfied { get; } = new bool[players];

        public double[] Share { get; } = new double[players];

        public double[] Product { get; } = new double[points];

        public int Depth => _trail.Count;

        public bool IsOn(int player) => _isOn[player];

        public void Enter(Edge edge)
        {
            int player = edge.Player;
            _trail.Add((player, !_isOn[player], Satisfied[player], Share[player]));
            if (!_isOn[player])
            {
                _isOn[player] = true;
                On.Add(player);
            }

            (Satisfied[player], Share[player]) = (edge.Satisfied, edge.Share);
        }

        public void Back(int depth)
        {
            for (int i = _trail.Count - 1; i >= depth; i--)
            {
                (int player, bool isNew, bool satisfied, double share) = _trail[i];
                (Satisfied[player], Share[player]) = (satisfied, share);
                if (isNew)
                {
                    _isOn[player] = false;
                    On.RemoveAt(On.Count - 1);
                }
            }

            _trail.RemoveRange(depth, _trail.Count - depth);
        }

        public Span<double> Inverse(int i)
        {
            if ((i + 1) * points > _inverse.Length)
            {
                Array.Resize(ref _inverse, Math.Max((i + 1) * points, _inverse.Length * 2));
            }

            return _inverse.AsSpan(i * points, points);
        }
    }
}
