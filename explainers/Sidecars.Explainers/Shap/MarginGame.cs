using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Shap;

/// <summary>
/// The game of an ensemble's margins, which is the sum of the games of its trees: tables for the trees for which they are
/// small, the slower ways of <see cref="DeepInterventional"/> and <see cref="DeepPathDependent"/> for others.
/// </summary>
internal sealed class MarginGame
{
    /// <summary>How many patterns all tables may be for: 64 MiB for values, and two and a half times that with interactions.</summary>
    public const double MaxPatterns = 4 << 20;

    // More players on a path cost more for their tables than the slower way does.
    private const int MaxTabulatedPlayers = 12;

    private const int MaxBlock = 256, MinBlock = 8;

    // What a block's interactions may take, to stay in a core's cache.
    private const int BlockNumbers = 32 << 10;

    private readonly TabulatedTrees? _tabulated;
    private readonly DeepInterventional? _interventional;
    private readonly DeepPathDependent? _pathDependent;
    private readonly TreeEnsemble _trees;

    /// <summary>Prepares the game.</summary>
    /// <param name="trees">The ensemble, with covers if there is no background.</param>
    /// <param name="players">Whose features they are.</param>
    /// <param name="background">The rows of the interventional game; null for the path-dependent one.</param>
    /// <param name="interactions">Whether interactions will be asked for.</param>
    /// <param name="maxPatterns">How many patterns all tables may be for.</param>
    public MarginGame(TreeEnsemble trees, PlayerMap players, Background? background, bool interactions, double maxPatterns = MaxPatterns)
    {
        _trees = trees;
        Players = players;
        TreeSizes[] sizes = [.. trees.Roots.Select(root => TreeSizes.Of(trees, root, players))];

        // The trees with the smallest tables first, as long as there is room.
        double used = 0;
        var tabulated = new HashSet<int>();
        foreach (TreeSizes tree in sizes.OrderBy(static s => s.Patterns))
        {
            if (tree.MaxPlayers <= MaxTabulatedPlayers && used + tree.Patterns <= maxPatterns)
            {
                tabulated.Add(tree.Root);
                used += tree.Patterns;
            }
        }

        if (tabulated.Count > 0)
        {
            _tabulated = new TabulatedTrees(trees, trees.Roots.Where(tabulated.Contains), players.PlayerOf, background, interactions);
        }

        TreeSizes[] deep = [.. sizes.Where(s => !tabulated.Contains(s.Root))];
        if (deep.Length > 0)
        {
            int[] roots = [.. deep.Select(static s => s.Root)];
            int most = deep.Max(static s => s.MaxPlayers);
            _interventional = background is null ? null
                : new DeepInterventional(trees, roots, players.PlayerOf, players.Count, most, background);
            _pathDependent = background is null ? new DeepPathDependent(trees, roots, players.PlayerOf, players.Count, most) : null;
        }

        Expected = background is null ? ExpectedByCover(trees) : ExpectedOver(trees, background);
    }

    /// <summary>The players.</summary>
    public PlayerMap Players { get; }

    /// <summary>The margins of a row of which nothing is known.</summary>
    public double[] Expected { get; }

    /// <summary>How many bytes its tables take.</summary>
    public long TableBytes => _tabulated?.Bytes ?? 0;

    /// <summary>Plays the game for every row. A row's sums are added in the order of the trees, however many threads there are.</summary>
    public ShapSums Play(TabularData rows, bool interactions, ShapReporter? reporter, RowBlocks blocks)
    {
        var sums = new ShapSums(rows.Rows, _trees.Outputs, Players.Count, interactions);
        int fit = interactions ? BlockNumbers / Math.Max(1, _trees.Outputs * Players.Count * Players.Count) : MaxBlock;
        int share = (rows.Rows + Environment.ProcessorCount - 1) / Environment.ProcessorCount;
        int block = Math.Clamp(Math.Min(share, fit), MinBlock, MaxBlock);
        blocks.Play(rows.Rows, block, (start, end) => PlayBlock(rows, start, end, sums, reporter, blocks));
        return sums;
    }

    private void PlayBlock(TabularData rows, int start, int end, ShapSums sums, ShapReporter? reporter, RowBlocks blocks)
    {
        _tabulated?.Add(new KeyBlock(rows, start, end - start), start, sums);
        for (int row = start; row < end; row++)
        {
            if (_interventional is not null || _pathDependent is not null)
            {
                blocks.CheckTime(row);
            }

            _interventional?.Add(rows[row], row, sums, blocks.Cancellation);
            _pathDependent?.Add(rows[row], row, sums, blocks.Cancellation);
            if (sums.Interactions is not null)
            {
                sums.FinishInteractions(row);
            }

            reporter?.RowDone();
        }
    }

    private static double[] ExpectedOver(TreeEnsemble trees, Background background)
    {
        double[] expected = new double[trees.Outputs], margins = new double[trees.Outputs];
        for (int row = 0; row < background.Rows.Rows; row++)
        {
            trees.Margins(background.Rows[row], margins);
            for (int output = 0; output < expected.Length; output++)
            {
                expected[output] += background.Weights.Span[row] * margins[output];
            }
        }

        return expected;
    }

    private static double[] ExpectedByCover(TreeEnsemble trees)
    {
        double[] expected = [.. trees.BaseValues];
        var open = new Stack<(int Node, double Share)>();
        foreach (int root in trees.Roots)
        {
            open.Push((root, 1));
            while (open.TryPop(out (int Node, double Share) at))
            {
                if (trees.Feature[at.Node] >= 0)
                {
                    open.Push((trees.Right[at.Node], at.Share * LeafPaths.Share(trees, at.Node, left: false)));
                    open.Push((trees.Left[at.Node], at.Share * LeafPaths.Share(trees, at.Node, left: true)));
                    continue;
                }

                for (int output = 0; output < expected.Length; output++)
                {
                    expected[output] += at.Share * trees.Weights[(at.Node * trees.Outputs) + output];
                }
            }
        }

        return expected;
    }
}
