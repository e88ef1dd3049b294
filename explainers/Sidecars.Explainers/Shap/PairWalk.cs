using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// Walks a tree with an explained row and a row of the background at once: where they part on a player for the first
/// time both ways are taken, once with the player's features from the one, once from the other. So it finds every leaf
/// that some mixture of the two reaches, in memory of the tree's depth.
/// </summary>
internal sealed class PairWalk
{
    private readonly TreeEnsemble _trees;
    private readonly int[] _players;
    private readonly Side[] _side;
    private readonly List<int> _decided = [];
    private readonly Stack<(int Node, int Decided, int Player)> _open = new();
    private int _fromRow;

    private enum Side : byte
    {
        Open,
        Row,
        Background,
    }

    /// <param name="trees">The ensemble.</param>
    /// <param name="players">The player of each feature.</param>
    /// <param name="count">How many players there are.</param>
    public PairWalk(TreeEnsemble trees, int[] players, int count)
    {
        _trees = trees;
        _players = players;
        _side = new Side[count];
    }

    /// <summary>What is done at each leaf.</summary>
    public interface IVisitor
    {
        /// <summary>Mixtures reach a leaf when the players <see cref="Decided"/> come from where <see cref="IsFromRow"/> says.</summary>
        /// <param name="walk">Where it is.</param>
        /// <param name="leaf">The leaf.</param>
        /// <param name="fromRow">How many of the players come from the explained row.</param>
        void Visit(PairWalk walk, int leaf, int fromRow);
    }

    /// <summary>The players that must come from one of the two rows.</summary>
    public IReadOnlyList<int> Decided => _decided;

    /// <summary>Whether a player of <see cref="Decided"/> comes from the explained row.</summary>
    public bool IsFromRow(int player) => _side[player] == Side.Row;

    /// <summary>Walks one tree.</summary>
    public void Run<TVisitor>(int root, ReadOnlySpan<float> row, ReadOnlySpan<float> background, ref TVisitor visitor)
        where TVisitor : IVisitor, allows ref struct
    {
        _open.Push((root, 0, -1));
        while (_open.TryPop(out (int Node, int Decided, int Player) at))
        {
            Undecide(at.Decided);
            if (at.Player >= 0)
            {
                Decide(at.Player, Side.Background);
            }

            int node = at.Node;
            while (_trees.Feature[node] >= 0)
            {
                int feature = _trees.Feature[node], player = _players[feature];
                Side side = _side[player];
                bool left = _trees.GoesLeft(node, side == Side.Background ? background[feature] : row[feature]);
                if (side == Side.Open && _trees.GoesLeft(node, background[feature]) != left)
                {
                    _open.Push((left ? _trees.Right[node] : _trees.Left[node], _decided.Count, player));
                    Decide(player, Side.Row);
                }

                node = left ? _trees.Left[node] : _trees.Right[node];
            }

            visitor.Visit(this, node, _fromRow);
        }

        Undecide(0);
    }

    private void Decide(int player, Side side)
    {
        _side[player] = side;
        _decided.Add(player);
        _fromRow += side == Side.Row ? 1 : 0;
    }

    private void Undecide(int count)
    {
        for (int i = _decided.Count - 1; i >= count; i--)
        {
            _fromRow -= _side[_decided[i]] == Side.Row ? 1 : 0;
            _side[_decided[i]] = Side.Open;
        }

        _decided.RemoveRange(count, _decided.Count - count);
    }
}
