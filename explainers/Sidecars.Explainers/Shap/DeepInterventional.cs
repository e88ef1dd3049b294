using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Shap;

/// <summary>The interventional game on trees with too many players on a path for tables: row by row of the background.</summary>
internal sealed class DeepInterventional(TreeEnsemble trees, int[] roots, int[] players, int playerCount, int maxPathPlayers, Background background)
{
    private readonly BetaTable _beta = new(maxPathPlayers + 2);

    /// <summary>Adds what these trees give to a row.</summary>
    public void Add(ReadOnlySpan<float> row, int index, ShapSums sums, CancellationToken cancellation)
    {
        var walk = new PairWalk(trees, players, playerCount);
        foreach (int root in roots)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int b = 0; b < background.Rows.Rows; b++)
            {
                var visitor = new Visitor(trees, _beta, background.Weights.Span[b], index, sums);
                walk.Run(root, row, background.Rows[b], ref visitor);
            }
        }
    }

    // With r players from the row and b from the background the leaf is reached by the coalitions that hold all r and none
    // of b: each of the r gets ∫ t^(r−1) (1 − t)^b, each of the b minus ∫ t^r (1 − t)^(b−1) (Lundberg et al. 2020).
    private readonly struct Visitor(TreeEnsemble trees, BetaTable beta, double weight, int index, ShapSums sums) : PairWalk.IVisitor
    {
        public void Visit(PairWalk walk, int leaf, int fromRow)
        {
            int count = walk.Decided.Count, fromBackground = count - fromRow;
            double positive = fromRow > 0 ? beta[fromRow, fromBackground + 1] : 0;
            double negative = fromBackground > 0 ? -beta[fromRow + 1, fromBackground] : 0;
            for (int output = 0; output < trees.Outputs; output++)
            {
                double w = weight * trees.Weights[(leaf * trees.Outputs) + output];
                if (w == 0)
                {
                    continue;
                }

                int at = (index * sums.Outputs) + output;
                for (int i = 0; i < count; i++)
                {
                    int player = walk.Decided[i];
                    sums.Values[(at * sums.Players) + player] += w * (walk.IsFromRow(player) ? positive : negative);
                }

                if (sums.Interactions is { } interactions)
                {
                    AddPairs(walk, fromRow, fromBackground, w, interactions.AsSpan(at * sums.Players * sums.Players));
                }
            }
        }

        private void AddPairs(PairWalk walk, int r, int b, double w, Span<double> matrix)
        {
            for (int i = 0; i < walk.Decided.Count; i++)
            {
                for (int j = i + 1; j < walk.Decided.Count; j++)
                {
                    int k = walk.Decided[i], l = walk.Decided[j];
                    bool kr = walk.IsFromRow(k), lr = walk.IsFromRow(l);
                    double index = kr && lr ? beta[r - 1, b + 1] : kr || lr ? -beta[r, b] : beta[r + 1, b - 1];
                    matrix[(Math.Min(k, l) * sums.Players) + Math.Max(k, l)] += w * index;
                }
            }
        }
    }
}
