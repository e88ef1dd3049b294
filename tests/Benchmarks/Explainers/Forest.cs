using Sidecars.Explainers;
using Sidecars.Explainers.Graphs;

namespace Explainers.Benchmarks;

/// <summary>
/// A random forest over the Adult data, for want of one in the kit: bootstrap samples, √features tried at a split, Gini
/// impurity. Leaves hold the share of class 1, divided by the number of trees, as exported forests do.
/// </summary>
internal static class Forest
{
    public static TreeEnsemble Grow(TabularData rows, int[] labels, int trees, int depth, int minLeaf, int seed = 0)
    {
        var random = new Random(seed);
        List<int> feature = [], left = [], right = [], roots = [];
        List<float> threshold = [];
        List<double> weight = [], cover = [];
        int tried = (int)Math.Round(Math.Sqrt(rows.Features));
        for (int t = 0; t < trees; t++)
        {
            int[] sample = [.. Enumerable.Range(0, rows.Rows).Select(_ => random.Next(rows.Rows))];
            roots.Add(Node(sample, depth));
        }

        return new TreeEnsemble
        {
            Features = rows.Features,
            Outputs = 1,
            Roots = [.. roots],
            Feature = [.. feature],
            Threshold = [.. threshold],
            Mode = [.. feature.Select(static f => f < 0 ? SplitMode.Leaf : SplitMode.LessOrEqual)],
            Left = [.. left],
            Right = [.. right],
            MissingLeft = new bool[feature.Count],
            Weights = [.. weight],
            BaseValues = [0],
            PostTransform = PostTransform.None,
            MarginIsProbability = true,
            IsClassifier = true,
            Classes = 2,
            Covers = [.. cover],
        };

        int Node(int[] sample, int levels)
        {
            int node = feature.Count;
            feature.Add(-1);
            threshold.Add(0);
            left.Add(-1);
            right.Add(-1);
            cover.Add(sample.Length);
            weight.Add(0);
            int positive = sample.Count(i => labels[i] == 1);
            (int Feature, float Threshold)? split = levels > 0 && positive > 0 && positive < sample.Length ? Best(sample, positive) : null;
            if (split is not { } found)
            {
                weight[node] = (float)(positive / (double)sample.Length / trees);
                return node;
            }

            feature[node] = found.Feature;
            threshold[node] = found.Threshold;
            left[node] = Node([.. sample.Where(i => rows[i][found.Feature] <= found.Threshold)], levels - 1);
            right[node] = Node([.. sample.Where(i => rows[i][found.Feature] > found.Threshold)], levels - 1);
            return node;
        }

        (int, float)? Best(int[] sample, int positive)
        {
            double best = double.MaxValue;
            (int, float)? split = null;
            int[] order = [.. Enumerable.Range(0, rows.Features)];
            random.Shuffle(order);
            int usable = 0;
            foreach (int f in order)
            {
                float[] keys = [.. sample.Select(i => rows[i][f])];
                int[] sorted = [.. sample.Select(i => labels[i])];
                Array.Sort(keys, sorted);
                bool constant = keys[0] == keys[^1];
                usable += constant ? 0 : 1;
                int on = 0;
                for (int i = 0; i + 1 < keys.Length && !constant; i++)
                {
                    on += sorted[i];
                    int n = i + 1, rest = keys.Length - n;
                    if (keys[i] == keys[i + 1] || n < minLeaf || rest < minLeaf)
                    {
                        continue;
                    }

                    double l = on, r = positive - on;
                    double impurity = (l * (n - l) / n) + (r * (rest - r) / rest);
                    if (impurity < best)
                    {
                        (best, split) = (impurity, (f, (keys[i] + keys[i + 1]) / 2));
                    }
                }

                if (usable == tried)
                {
                    break;
                }
            }

            return split;
        }
    }
}
