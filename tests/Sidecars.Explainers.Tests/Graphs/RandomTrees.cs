using CsCheck;
using Sidecars.Explainers.Graphs;

namespace Sidecars.Explainers.Tests.Graphs;

/// <summary>Random small ensembles over few features with few thresholds, so that features and thresholds come again.</summary>
internal static class RandomTrees
{
    /// <summary>Ensembles of every branch mode, with missing values going either way.</summary>
    public static Gen<TreeEnsemble> Ensembles(int features, int outputs, int maxTrees = 4, int maxDepth = 5, bool allModes = true) =>
        Gen.Select(Gen.Int[1, maxTrees], Gen.Int[0, maxDepth], Gen.Int[0, int.MaxValue])
            .Select((trees, depth, seed) => Grow(new Random(seed), features, outputs, trees, depth, allModes));

    /// <summary>Rows of the values at and between the thresholds; now and then a missing one.</summary>
    public static Gen<float[]> Rows(int rows, int features, bool missing = true) =>
        (missing ? Gen.Frequency((15, Values), (1, Gen.Const(float.NaN))) : Values).Array[rows * features];

    /// <summary>Grows an ensemble.</summary>
    public static TreeEnsemble Grow(Random random, int features, int outputs, int trees, int depth, bool allModes, double stop = 0.2)
    {
        List<int> feature = [], left = [], right = [], roots = [];
        List<float> threshold = [];
        List<SplitMode> mode = [];
        List<bool> missing = [];
        for (int t = 0; t < trees; t++)
        {
            roots.Add(Add(depth));
        }

        double[] weights = new double[feature.Count * outputs];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = feature[i / outputs] < 0 ? (float)((random.NextDouble() * 2) - 1) : 0;
        }

        return new TreeEnsemble
        {
            Features = features,
            Outputs = outputs,
            Roots = [.. roots],
            Feature = [.. feature],
            Threshold = [.. threshold],
            Mode = [.. mode],
            Left = [.. left],
            Right = [.. right],
            MissingLeft = [.. missing],
            Weights = weights,
            BaseValues = new double[outputs],
            PostTransform = PostTransform.None,
            IsClassifier = false,
            Classes = 0,
        };

        int Add(int levels)
        {
            int node = feature.Count;
            bool leaf = levels == 0 || random.NextDouble() < stop;
            feature.Add(leaf ? -1 : random.Next(features));
            threshold.Add(leaf ? 0 : random.Next(-3, 4) / 2f);
            mode.Add(leaf ? SplitMode.Leaf : allModes ? (SplitMode)random.Next(1, 7) : SplitMode.LessOrEqual);
            missing.Add(!leaf && allModes && random.Next(2) == 0);
            left.Add(-1);
            right.Add(-1);
            if (!leaf)
            {
                left[node] = Add(levels - 1);
                right[node] = Add(levels - 1);
            }

            return node;
        }
    }

    private static Gen<float> Values => Gen.Int[-8, 8].Select(static i => i / 4f);
}
