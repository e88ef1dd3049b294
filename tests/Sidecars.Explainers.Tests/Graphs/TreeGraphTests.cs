using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Tests.Graphs;

/// <summary>Which graphs are plain trees, which are not and why, and which are broken.</summary>
public sealed class TreeGraphTests
{
    [Fact]
    public void Nodes_ThatChangeNoNumber_AreSeenThrough()
    {
        NodeProto tree = Regressor();
        tree.Input[0] = "cast";
        TreeEnsemble? trees = TreeEnsembleReader.TryRead(TreeProto.Model(
            3,
            TreeProto.Node("Identity", "input", "same"),
            TreeProto.Node("Cast", "same", "cast").Set("to", 1),
            tree,
            TreeProto.Node("Flatten", "scores", "y")), out string? reason);
        reason.Should().BeNull();
        trees!.Roots.Should().Equal(0);
        trees.Features.Should().Be(3);
    }

    [Fact]
    public void Labels_MayBecomeAnything()
    {
        NodeProto tree = Classifier("LOGISTIC");
        TreeEnsembleReader.TryRead(
            TreeProto.Model(3, tree, TreeProto.Node("Cast", "label", "number").Set("to", 7), TreeProto.Node("ZipMap", "scores", "y", "ai.onnx.ml")),
            out string? reason).Should().NotBeNull();
        reason.Should().BeNull();
    }

    [Fact]
    public void Normalizer_OfProbabilities_IsSeenThrough() => Normalized(Classifier("LOGISTIC")).Should().BeNull();

    [Fact]
    public void Normalizer_OfOtherNumbers_IsNot() => Normalized(Regressor()).Should().Be("A Normalizer changes what the trees answer");

    [Fact]
    public void Node_ThatChangesScores_IsNamed() =>
        Reason(Regressor(), TreeProto.Node("Sigmoid", "scores", "y")).Should().Be("The graph has a node Sigmoid, which changes numbers");

    [Fact]
    public void Node_ThatChangesRows_IsNamed()
    {
        NodeProto tree = Regressor();
        tree.Input[0] = "scaled";
        Reason(TreeProto.Node("Scaler", "input", "scaled", "ai.onnx.ml"), tree).Should().Be("The graph has a node Scaler, which changes numbers");
    }

    [Fact]
    public void Ensembles_BesideEachOther_AreNotRead()
    {
        NodeProto second = Regressor();
        second.Output[0] = "more";
        Reason(Regressor(), second).Should().Be("The graph has 2 tree ensembles");
    }

    [Fact]
    public void Aggregate_ThatIsNoSum_IsNotRead() =>
        Reason(Regressor().Set("aggregate_function", "MAX")).Should().Be("The trees are aggregated by MAX");

    [Fact]
    public void BaseValues_OfTwoClassesApart_AreNotRead() =>
        Reason(Classifier("NONE").Set("base_values", [1f, 2f]))
            .Should().Be("There are several base values for two classes, which ONNX Runtime adds in a way of its own");

    [Fact]
    public void Width_ThatTheFileDoesNotTell_IsWhatTheTreesNeed()
    {
        TreeEnsemble trees = TreeEnsembleReader.TryRead(TreeProto.Model(null, Regressor()), out _)!;
        trees.Features.Should().Be(2);
        trees.WithFeatures(5).Features.Should().Be(5);
        FluentActions.Invoking(() => trees.WithFeatures(1)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void HitRates_ThatAreAllOne_AreNoCovers() =>
        TreeEnsembleReader.TryRead(TreeProto.Model(3, Regressor().Set("nodes_hitrates", [1f, 1, 1])), out _)!.Covers.Should().BeNull();

    [Fact]
    public void HitRates_ThatAddUp_AreCovers() =>
        TreeEnsembleReader.TryRead(TreeProto.Model(3, Regressor().Set("nodes_hitrates", [10f, 7, 3])), out _)!.Covers.Should().Equal(10, 7, 3);

    [Fact]
    public void Covers_OfTrainingRows_AreCounted() =>
        Stump().WithCovers(new TabularData([0, 0, 0, 0, 1, 0, 0, float.NaN, 0], 3)).Covers.Should().Equal(3, 1, 2);

    [Theory]
    [InlineData("nodes_truenodeids", new long[] { 0, 0, 0 }, "Node 0 of tree 0 is reached by two paths: its nodes make no tree.")]
    [InlineData("nodes_truenodeids", new long[] { 2, 0, 0 }, "Node 2 of tree 0 is reached by two paths: its nodes make no tree.")]
    [InlineData("nodes_truenodeids", new long[] { 9, 0, 0 }, "Node 0 of tree 0 leads to node 9, which is not there.")]
    [InlineData("nodes_featureids", new long[] { 3, 0, 0 }, "Node 0 of tree 0 looks at feature 3 where the input has 3.")]
    [InlineData("nodes_featureids", new long[] { -1, 0, 0 }, "Node 0 looks at feature -1.")]
    [InlineData("nodes_featureids", new long[] { 1 }, "nodes_featureids has 1 entries where there are 3 nodes.")]
    [InlineData("nodes_nodeids", new long[] { 0, 1, 1 }, "Node 1 of tree 0 is there twice.")]
    [InlineData("target_ids", new long[] { 0, 4 }, "A weight belongs to output 4 where there are 1.")]
    [InlineData("target_nodeids", new long[] { 1, 8 }, "A weight belongs to node 8 of tree 0, which is not there.")]
    [InlineData("target_treeids", new long[] { 0 }, "target_treeids has 1 entries where there are 2 weights.")]
    public void Attributes_ThatMakeNoTree_AreNamed(string attribute, long[] values, string message) =>
        FluentActions.Invoking(() => Reason(Regressor().Set(attribute, values))).Should().Throw<InvalidDataException>().WithMessage(message);

    [Fact]
    public void Node_ThatNothingLeadsTo_IsNamed()
    {
        NodeProto node = Regressor().Set("nodes_modes", ["LEAF", "LEAF", "LEAF"]);
        FluentActions.Invoking(() => Reason(node)).Should().Throw<InvalidDataException>()
            .WithMessage("Node 1 of tree 0 is not reached from the root of its tree.");
    }

    [Theory]
    [InlineData("nodes_values")]
    [InlineData("nodes_modes")]
    [InlineData("nodes_treeids")]
    [InlineData("target_weights")]
    public void Attribute_ThatIsMissing_IsNamed(string attribute)
    {
        NodeProto node = Regressor();
        node.Attribute.Remove(node.Attribute.First(a => a.Name == attribute));
        FluentActions.Invoking(() => Reason(node)).Should().Throw<InvalidDataException>().WithMessage($"{attribute} is missing.");
    }

    [Fact]
    public void Bytes_ThatAreNoModel_AreNamed()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "no model at all");
            FluentActions.Invoking(() => TreeEnsembleReader.TryRead(path)).Should().Throw<InvalidDataException>().WithMessage("*is not an ONNX file*");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string? Normalized(NodeProto tree)
    {
        NodeProto normalizer = TreeProto.Node("Normalizer", "scores", "y", "ai.onnx.ml").Set("norm", "L1");
        TreeEnsembleReader.TryRead(TreeProto.Model(3, tree, normalizer), out string? reason);
        return reason;
    }

    private static string? Reason(params NodeProto[] nodes)
    {
        TreeEnsembleReader.TryRead(TreeProto.Model(3, nodes), out string? reason).Should().BeNull();
        return reason;
    }

    private static NodeProto Regressor() => TreeProto.Classic(Stump());

    private static NodeProto Classifier(string transform) => TreeProto.Classic(Stump(), 2, transform);

    // x1 ≤ 0.5 goes left, missing goes right.
    private static TreeEnsemble Stump() => new()
    {
        Features = 3,
        Outputs = 1,
        Roots = [0],
        Feature = [1, -1, -1],
        Threshold = [0.5f, 0, 0],
        Mode = [SplitMode.LessOrEqual, SplitMode.Leaf, SplitMode.Leaf],
        Left = [1, -1, -1],
        Right = [2, -1, -1],
        MissingLeft = new bool[3],
        Weights = [0, -1, 2],
        BaseValues = [0],
        PostTransform = PostTransform.None,
        IsClassifier = false,
        Classes = 0,
    };
}
