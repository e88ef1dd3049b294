using CsCheck;
using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Tests.Graphs;

namespace Sidecars.Explainers.Tests.Shap;

/// <summary>Random ensembles of every branch mode, with missing values, repeated features and uneven weights, against the definition.</summary>
public sealed class TreeShapPropertyTests
{
    private const int Features = 5, Outputs = 2, BackgroundRows = 6, Rows = 3;
    private const double Tolerance = 1e-11;

    private static readonly int[][] Groups = [[0, 3], [1], [4, 2]];

    private static readonly Gen<Background> Backgrounds = Gen.Select(
        RandomTrees.Rows(BackgroundRows, Features), Gen.Double[0.1, 1].Array[BackgroundRows],
        (rows, weights) => new Background(new TabularData(rows, Features), weights.Select(w => w / weights.Sum()).ToArray(), "sample"));

    [Theory]
    [InlineData(MarginTables, false)]
    [InlineData(MarginTables, true)]
    [InlineData(0, false)]
    [InlineData(0, true)]
    public void Interventional_OfRandomTrees_IsTheDefinition(double maxPatterns, bool grouped) =>
        Sample((trees, background, rows) =>
        {
            (int[] playerOf, int players) = Players(grouped);
            ShapExplanation mine = new TreeShap(trees, background, maxPatterns).Explain(rows, new ShapOptions
            {
                Interactions = true,
                ModelOutput = ShapModelOutput.Raw,
                Groups = grouped ? Groups : null,
            });
            Check(mine, rows, players, (row, output) =>
                BruteForce.Interventional(Margins(trees), row, background, playerOf, players, output, static v => v));
        });

    [Theory]
    [InlineData(MarginTables, false)]
    [InlineData(MarginTables, true)]
    [InlineData(0, false)]
    [InlineData(0, true)]
    public void PathDependent_OfRandomTrees_IsTheDefinition(double maxPatterns, bool grouped) =>
        Sample((trees, background, rows) =>
        {
            (int[] playerOf, int players) = Players(grouped);
            TreeEnsemble covered = trees.WithCovers(background.Rows);
            ShapExplanation mine = new TreeShap(covered, null, maxPatterns).Explain(rows, new ShapOptions
            {
                Interactions = true,
                ModelOutput = ShapModelOutput.Raw,
                Groups = grouped ? Groups : null,
            });
            Check(mine, rows, players, (row, output) => BruteForce.PathDependent(covered, row, playerOf, players, output));
        });

    [Theory]
    [InlineData("Logistic", 1, ShapLink.Identity)]
    [InlineData("Logistic", 1, ShapLink.Logit)]
    [InlineData("Softmax", 3, ShapLink.Identity)]
    [InlineData("Softmax", 3, ShapLink.Logit)]
    public void Probabilities_BehindAFunction_AreTheDefinition(string transform, int outputs, ShapLink link) =>
        Sample(
            (margins, background, rows) =>
            {
                TreeEnsemble trees = margins with
                {
                    PostTransform = Enum.Parse<PostTransform>(transform),
                    IsClassifier = true,
                    Classes = Math.Max(2, outputs),
                    BaseValues = [.. Enumerable.Range(1, outputs).Select(static o => 0.2 * o)],
                };
                ShapExplanation mine = new TreeShap(trees, background).Explain(rows, new ShapOptions
                {
                    Interactions = true,
                    ModelOutput = ShapModelOutput.Probability,
                    Link = link,
                });
                mine.Outputs.Should().Be(trees.Classes);
                Check(mine, rows, Features, (row, output) => BruteForce.Interventional(
                    Answers(trees), row, background, [.. Enumerable.Range(0, Features)], Features, output,
                    link == ShapLink.Logit ? static p => Math.Log(p / (1 - p)) : static p => p));
            },
            outputs);

    [Fact]
    public void Values_OfTwoEnsembles_AddUpToThoseOfBoth() =>
        Gen.Select(RandomTrees.Ensembles(Features, 1), RandomTrees.Ensembles(Features, 1), Backgrounds, RandomTrees.Rows(Rows, Features)).Sample(
            (a, b, background, rows) =>
            {
                var data = new TabularData(rows, Features);
                double[] left = Values(a), right = Values(b), both = Values(Join(a, b));
                for (int i = 0; i < both.Length; i++)
                {
                    both[i].Should().BeApproximately(left[i] + right[i], Tolerance);
                }

                double[] Values(TreeEnsemble trees) => new TreeShap(trees, background).Explain(data, new ShapOptions()).Values;
            },
            iter: 50);

    [Fact]
    public void Feature_ThatNoTreeLooksAt_GetsNothing() =>
        Sample((trees, background, rows) =>
        {
            var wide = new TabularData([.. Enumerable.Range(0, Rows).SelectMany(r => rows[r].ToArray().Append(7f))], Features + 1);
            var wideBackground = new TabularData(
                [.. Enumerable.Range(0, BackgroundRows).SelectMany(r => background.Rows[r].ToArray().Append(r))], Features + 1);
            ShapExplanation shap = new TreeShap(trees with { Features = Features + 1 }, Background.Uniform(wideBackground)).Explain(wide, new ShapOptions());
            for (int i = 0; i < Rows * Outputs; i++)
            {
                shap.Values[(i * (Features + 1)) + Features].Should().Be(0);
            }
        });

    [Fact]
    public void Features_ThatTheTreesTreatAlike_GetTheSame()
    {
        // x0 ≤ 0 and x1 ≤ 0, asked in either order in two trees.
        TreeEnsemble trees = Both(0, 1);
        trees = Join(trees, Both(1, 0));
        ShapExplanation shap = new TreeShap(trees, Background.Uniform(new TabularData([1, 1, 1, -1, -1, 1], 2)))
            .Explain(new TabularData([-1, -1], 2), new ShapOptions { Interactions = true });
        shap.Value(0, 0, 0).Should().Be(shap.Value(0, 0, 1)).And.BeApproximately(1, 1e-15);
        shap.ExpectedValue[0].Should().Be(0);
        shap.RawPrediction[0].Should().Be(2);

        // v = 2 [both], against the rows (1, −1) and (−1, 1) each feature alone wins it: (2 − 2/3 − 2/3 + 0).
        shap.Interactions![1].Should().BeApproximately((2 - (2 / 3.0) - (2 / 3.0)) / 2, 1e-15);
    }

    private const double MarginTables = 4 << 20;

    private static void Sample(Action<TreeEnsemble, Background, TabularData> check, int outputs = Outputs) =>
        Gen.Select(RandomTrees.Ensembles(Features, outputs, 3, 6), Backgrounds, RandomTrees.Rows(Rows, Features)).Sample(
            (trees, background, rows) => check(trees, background, new TabularData(rows, Features)), iter: 30);

    private static void Check(ShapExplanation mine, TabularData rows, int players, Func<float[], int, double[]> game)
    {
        for (int row = 0; row < Rows; row++)
        {
            for (int output = 0; output < mine.Outputs; output++)
            {
                double[] coalitions = game(rows[row].ToArray(), output);
                int at = (row * mine.Outputs) + output;
                Near(mine.Values[(at * players)..((at + 1) * players)], BruteForce.Values(coalitions, players));
                Near(mine.Interactions![(at * players * players)..((at + 1) * players * players)], BruteForce.Interactions(coalitions, players));
                mine.ExpectedValue[output].Should().BeApproximately(coalitions[0], Tolerance);
                mine.RawPrediction[at].Should().BeApproximately(coalitions[^1], Tolerance);
            }
        }
    }

    private static void Near(double[] mine, double[] expected)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            mine[i].Should().BeApproximately(expected[i], Tolerance, "entry {0}", i);
        }
    }

    private static (int[] PlayerOf, int Count) Players(bool grouped) => grouped
        ? ([.. Enumerable.Range(0, Features).Select(static f => Array.FindIndex(Groups, g => g.Contains(f)))], Groups.Length)
        : ([.. Enumerable.Range(0, Features)], Features);

    private static Func<float[], double[]> Margins(TreeEnsemble trees) => row =>
    {
        double[] margins = new double[trees.Outputs];
        trees.Margins(row, margins);
        return margins;
    };

    private static Func<float[], double[]> Answers(TreeEnsemble trees) => row =>
    {
        double[] answers = new double[trees.Answers];
        trees.Answer(Margins(trees)(row), answers);
        return answers;
    };

    // One tree of weight 1 where both features are at most 0.
    private static TreeEnsemble Both(int first, int second) => new()
    {
        Features = 2,
        Outputs = 1,
        Roots = [0],
        Feature = [first, second, -1, -1, -1],
        Threshold = [0, 0, 0, 0, 0],
        Mode = [SplitMode.LessOrEqual, SplitMode.LessOrEqual, SplitMode.Leaf, SplitMode.Leaf, SplitMode.Leaf],
        Left = [1, 3, -1, -1, -1],
        Right = [2, 4, -1, -1, -1],
        MissingLeft = new bool[5],
        Weights = [0, 0, 0, 1, 0],
        BaseValues = [0],
        PostTransform = PostTransform.None,
        IsClassifier = false,
        Classes = 0,
    };

    private static TreeEnsemble Join(TreeEnsemble a, TreeEnsemble b) => a with
    {
        Roots = [.. a.Roots, .. b.Roots.Select(r => r + a.Nodes)],
        Feature = [.. a.Feature, .. b.Feature],
        Threshold = [.. a.Threshold, .. b.Threshold],
        Mode = [.. a.Mode, .. b.Mode],
        Left = [.. a.Left, .. b.Left.Select(n => n < 0 ? n : n + a.Nodes)],
        Right = [.. a.Right, .. b.Right.Select(n => n < 0 ? n : n + a.Nodes)],
        MissingLeft = [.. a.MissingLeft, .. b.MissingLeft],
        Weights = [.. a.Weights, .. b.Weights],
        BaseValues = [.. a.BaseValues.Zip(b.BaseValues, static (x, y) => x + y)],
    };
}
