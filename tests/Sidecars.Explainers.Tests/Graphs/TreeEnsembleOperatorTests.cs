using CsCheck;
using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Tests.Graphs;

/// <summary>The newer operator, TreeEnsemble of ai.onnx.ml 5, against ONNX Runtime.</summary>
public sealed class TreeEnsembleOperatorTests
{
    private const int Features = 3, Average = 0, Sum = 1, Max = 3;

    [Theory]
    [InlineData(Sum, 0, 1)]
    [InlineData(Average, 0, 1)]
    [InlineData(Sum, 2, 1)]
    [InlineData(Sum, 0, 3)]
    [InlineData(Average, 3, 3)]
    public void Ensemble_OfAnyShape_AnswersAsOnnxRuntime(int aggregate, int transform, int targets) =>
        Gen.Select(RandomTrees.Ensembles(Features, targets), RandomTrees.Rows(20, Features)).Sample(
            (trees, rows) =>
            {
                NodeProto node = Node(trees, targets).Set("aggregate_function", aggregate).Set("post_transform", transform);
                OnnxAnswers.Check(TreeProto.Model(Features, node), new TabularData(rows, Features), 1e-5);
            },
            iter: 30, threads: 1);

    [Fact]
    public void Thresholds_InFloat64_TellApartTheSameNumbers()
    {
        // Between 1 and the next float32 there are float64 numbers; 1 is on their left, the next on their right.
        NodeProto node = Node(Stump(), 1);
        node.Set("nodes_splits", Tensor(11, 1 + 1e-9)).Set("leaf_weights", Tensor(11, 1.0, 2.0));
        TreeEnsemble trees = TreeEnsembleReader.TryRead(TreeProto.Model(Features, node), out _)!;
        trees.Threshold[0].Should().Be(1);
        trees.GoesLeft(0, 1).Should().BeTrue();
        trees.GoesLeft(0, MathF.BitIncrement(1)).Should().BeFalse();
    }

    [Fact]
    public void Membership_InASet_IsNotRead() =>
        Reason(Node(Stump(), 1).Set("nodes_modes", Tensor(2, 6))).Should().Be("A node asks for membership in a set");

    [Fact]
    public void Aggregate_ThatIsNoSum_IsNotRead() =>
        Reason(Node(Stump(), 1).Set("aggregate_function", Max)).Should().Be("The trees are aggregated by function 3");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Transformations_ThatOnnxRuntimeNumbersOtherwise_AreNotRead(int transform) =>
        Reason(Node(Stump(), 1).Set("n_targets", 3).Set("post_transform", transform))
            .Should().Be("SOFTMAX and LOGISTIC have each other's number in ONNX and in ONNX Runtime");

    [Theory]
    [InlineData("nodes_truenodeids", 7, "nodes_truenodeids holds 7 where it must be from 0 to 1.")]
    [InlineData("tree_roots", 1, "tree_roots holds 1 where it must be from 0 to 0.")]
    [InlineData("leaf_targetids", 0, "leaf_targetids has 1 entries where there are 2 leaves.")]
    [InlineData("nodes_featureids", 9, "Node 0 looks at feature 9 where the input has 3.")]
    public void Attributes_OutOfRange_AreNamed(string attribute, int value, string message) =>
        FluentActions.Invoking(() => Reason(Node(Stump(), 1).Set(attribute, [(long)value]))).Should().Throw<InvalidDataException>().WithMessage(message);

    [Fact]
    public void Node_ThatIsItsOwnChild_IsNamed() =>
        FluentActions.Invoking(() => Reason(Node(Stump(), 1).Set("nodes_trueleafs", [0L]).Set("nodes_truenodeids", [0L])))
            .Should().Throw<InvalidDataException>().WithMessage("Node 0 is reached by two paths: its nodes make no tree.");

    private static string? Reason(NodeProto node)
    {
        TreeEnsembleReader.TryRead(TreeProto.Model(Features, node), out string? reason).Should().BeNull();
        return reason;
    }

    private static TreeEnsemble Stump() => new()
    {
        Features = Features,
        Outputs = 1,
        Roots = [0],
        Feature = [1, -1, -1],
        Threshold = [0.5f, 0, 0],
        Mode = [SplitMode.LessOrEqual, SplitMode.Leaf, SplitMode.Leaf],
        Left = [1, -1, -1],
        Right = [2, -1, -1],
        MissingLeft = new bool[3],
        Weights = [0, 1, 2],
        BaseValues = [0],
        PostTransform = PostTransform.None,
        IsClassifier = false,
        Classes = 0,
    };

    // Every leaf belongs to one target here: its number modulo their count. A tree that is one leaf is a node with it on both sides.
    private static NodeProto Node(TreeEnsemble trees, int targets)
    {
        var inner = new List<(int Feature, float Split, int Mode, int Left, bool LeftLeaf, int Right, bool RightLeaf, bool Missing)>();
        var leaves = new List<float>();
        var roots = new List<long>();
        foreach (int root in trees.Roots)
        {
            roots.Add(inner.Count);
            if (trees.Feature[root] < 0)
            {
                leaves.Add((float)trees.Weights[root * targets]);
                inner.Add((0, 0, 0, leaves.Count - 1, true, leaves.Count - 1, true, false));
            }
            else
            {
                Add(root);
            }
        }

        var node = new NodeProto { OpType = "TreeEnsemble", Domain = "ai.onnx.ml" };
        node.Input.Add("input");
        node.Output.Add("scores");
        return node
            .Set("n_targets", targets)
            .Set("tree_roots", roots)
            .Set("nodes_featureids", inner.Select(static n => (long)n.Feature))
            .Set("nodes_splits", Tensor(1, [.. inner.Select(static n => (double)n.Split)]))
            .Set("nodes_modes", Tensor(2, [.. inner.Select(static n => (double)n.Mode)]))
            .Set("nodes_truenodeids", inner.Select(static n => (long)n.Left))
            .Set("nodes_trueleafs", inner.Select(static n => n.LeftLeaf ? 1L : 0))
            .Set("nodes_falsenodeids", inner.Select(static n => (long)n.Right))
            .Set("nodes_falseleafs", inner.Select(static n => n.RightLeaf ? 1L : 0))
            .Set("nodes_missing_value_tracks_true", inner.Select(static n => n.Missing ? 1L : 0))
            .Set("leaf_weights", Tensor(1, [.. leaves.Select(static w => (double)w)]))
            .Set("leaf_targetids", Enumerable.Range(0, leaves.Count).Select(i => (long)(i % targets)));

        (int Id, bool IsLeaf) Add(int at)
        {
            if (trees.Feature[at] < 0)
            {
                leaves.Add((float)trees.Weights[at * targets]);
                return (leaves.Count - 1, true);
            }

            int id = inner.Count;
            inner.Add(default);
            (int left, bool leftLeaf) = Add(trees.Left[at]);
            (int right, bool rightLeaf) = Add(trees.Right[at]);
            inner[id] = (trees.Feature[at], trees.Threshold[at], (int)trees.Mode[at] - 1, left, leftLeaf, right, rightLeaf, trees.MissingLeft[at]);
            return (id, false);
        }
    }

    private static TensorProto Tensor(int type, params double[] values)
    {
        var tensor = new TensorProto { DataType = type, Name = "values" };
        tensor.Dims.Add(values.Length);
        switch (type)
        {
            case 1: tensor.FloatData.AddRange(values.Select(static v => (float)v)); break;
            case 11: tensor.DoubleData.AddRange(values); break;
            default: tensor.Int32Data.AddRange(values.Select(static v => (int)v)); break;
        }

        return tensor;
    }
}
