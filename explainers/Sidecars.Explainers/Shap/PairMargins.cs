using System.Numerics;
using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// The margins of all mixtures of an explained row and a row of the background, over the players on which the trees tell
/// the two apart. A leaf belongs to the mixtures that take the players R from the row and the players B from the background.
/// </summary>
internal sealed class PairMargins
{
    /// <summary>The most players that may differ: 2^18 coalitions.</summary>
    public const int MaxPlayers = 18;

    private readonly TreeEnsemble _trees;
    private readonly PairWalk _walk;
    private readonly int[] _local;
    private readonly List<(int Leaf, int FromRow, int FromBackground)> _leaves = [];

    public PairMargins(TreeEnsemble trees, PlayerMap players)
    {
        _trees = trees;
        _walk = new PairWalk(trees, players.PlayerOf, players.Count);
        _local = new int[players.Count];
    }

    /// <summary>The players that differ: bit i of a coalition is the i-th of them.</summary>
    public List<int> Players { get; } = [];

    /// <summary>The margins, [outputs, 2^players].</summary>
    public double[] Margins { get; private set; } = [];

    /// <summary>How many coalitions there are.</summary>
    public int Coalitions => 1 << Players.Count;

    /// <summary>Finds the margins.</summary>
    /// <exception cref="InferenceException">More than <see cref="MaxPlayers"/> players differ.</exception>
    public void Fill(ReadOnlySpan<float> row, ReadOnlySpan<float> background)
    {
        Players.Clear();
        _leaves.Clear();
        Array.Fill(_local, -1);
        var visitor = new Visitor(this);
        foreach (int root in _trees.Roots)
        {
            _walk.Run(root, row, background, ref visitor);
        }

        int size = Coalitions, outputs = _trees.Outputs;
        if (Margins.Length < size * outputs)
        {
            Margins = new double[size * outputs];
        }

        Array.Clear(Margins);
        foreach ((int leaf, int fromRow, int fromBackground) in _leaves)
        {
            ReadOnlySpan<double> weights = _trees.Weights.AsSpan(leaf * outputs, outputs);
            for (int output = 0; output < outputs; output++)
            {
                if (weights[output] != 0)
                {
                    Spread(Margins.AsSpan(output * size, size), fromRow, fromBackground, weights[output]);
                }
            }
        }

        for (int output = 0; output < outputs; output++)
        {
            Span<double> margins = Margins.AsSpan(output * size, size);
            SumOverSubsets(margins);
            foreach (ref double margin in margins)
            {
                margin += _trees.BaseValues[output];
            }
        }
    }

    /// <summary>Refuses too many players.</summary>
    /// <exception cref="InferenceException">There are more than <see cref="MaxPlayers"/>.</exception>
    public static void Check(int players)
    {
        if (players > MaxPlayers)
        {
            throw InferenceException.InvalidInput(
                $"Exact Shapley values on this scale take all coalitions of the features in which a row and the background differ, "
                + $"which are more than {MaxPlayers} here: explain the raw margin, or use KernelShap.");
        }
    }

    // [R ⊆ S] [B ∩ S = ∅] = ∑_{T ⊆ B} (−1)^|T| [R ∪ T ⊆ S]: after the sums over subsets each term is where it belongs.
    private static void Spread(Span<double> margins, int fromRow, int fromBackground, double weight)
    {
        int t = fromBackground;
        while (true)
        {
            margins[fromRow | t] += (BitOperations.PopCount((uint)t) & 1) == 0 ? weight : -weight;
            if (t == 0)
            {
                return;
            }

            t = (t - 1) & fromBackground;
        }
    }

    private static void SumOverSubsets(Span<double> values)
    {
        for (int bit = 1; bit < values.Length; bit <<= 1)
        {
            for (int block = 0; block < values.Length; block += 2 * bit)
            {
                for (int i = block; i < block + bit; i++)
                {
                    values[i + bit] += values[i];
                }
            }
        }
    }

    private readonly struct Visitor(PairMargins owner) : PairWalk.IVisitor
    {
        public void Visit(PairWalk walk, int leaf, int fromRow)
        {
            int row = 0, background = 0;
            foreach (int player in walk.Decided)
            {
                ref int local = ref owner._local[player];
                if (local < 0)
                {
                    local = owner.Players.Count;
                    owner.Players.Add(player);
                    Check(owner.Players.Count);
                }

                if (walk.IsFromRow(player))
                {
                    row |= 1 << local;
                }
                else
                {
                    background |= 1 << local;
                }
            }

            owner._leaves.Add((leaf, row, background));
        }
    }
}
