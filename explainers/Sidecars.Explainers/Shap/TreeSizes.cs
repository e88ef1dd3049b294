using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Shap;

/// <summary>How many players stand on the paths of a tree.</summary>
/// <param name="Root">The tree's first node.</param>
/// <param name="MaxPlayers">The most on one path.</param>
/// <param name="Patterns">∑ 2^d over its leaves with d players; as much as needed where that is beyond all bounds.</param>
internal readonly record struct TreeSizes(int Root, int MaxPlayers, double Patterns)
{
    /// <summary>Looks at a tree.</summary>
    public static TreeSizes Of(TreeEnsemble trees, int root, PlayerMap players)
    {
        int[] times = new int[players.Count];
        int distinct = 0, most = 0;
        double patterns = 0;
        var open = new Stack<(int Node, bool Leave)>([(root, false)]);
        while (open.TryPop(out (int Node, bool Leave) at))
        {
            if (trees.Feature[at.Node] < 0)
            {
                most = Math.Max(most, distinct);
                patterns += Math.Pow(2, distinct);
                continue;
            }

            ref int count = ref times[players.PlayerOf[trees.Feature[at.Node]]];
            if (at.Leave)
            {
                distinct -= --count == 0 ? 1 : 0;
                continue;
            }

            distinct += count++ == 0 ? 1 : 0;
            open.Push((at.Node, true));
            open.Push((trees.Right[at.Node], false));
            open.Push((trees.Left[at.Node], false));
        }

        return new TreeSizes(root, most, patterns);
    }
}
