using CsCheck;
using Sidecars.Explainers.Graphs;
using Sidecars.Explainers.Graphs.Onnx;

namespace Sidecars.Explainers.Tests.Graphs;

public sealed class TreeEnsembleReaderTests
{
    private const int Features = 3;

    public static TheoryData<string, string> Models => new()
    {
        { "breast_cancer10_gb", "breast_cancer10" },
        { "breast_cancer10_rf", "breast_cancer10" },
        { "diabetes_gbr", "diabetes" },
    };

    public static TheoryData<string, string> KitModels => new()
    {
        { "adult_gb", "adult" },
        { "breast_cancer_gb", "breast_cancer" },
        { "breast_cancer_rf", "breast_cancer" },
        { "diabetes_rfr", "diabetes" },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Ensemble_OfAFile_AnswersAsOnnxRuntime(string model, string data) => CheckFile(model, data);

    [KitTheory]
    [MemberData(nameof(KitModels))]
    public void Ensemble_OfAFileOfTheKit_AnswersAsOnnxRuntime(string model, string data) => CheckFile(model, data);

    [Theory]
    [InlineData("NONE", 1, null)]
    [InlineData("LOGISTIC", 1, null)]
    [InlineData("PROBIT", 1, 0.25f)]
    [InlineData("NONE", 3, null)]
    [InlineData("SOFTMAX", 3, 0.5f)]
    [InlineData("SOFTMAX_ZERO", 2, null)]
    [InlineData("LOGISTIC", 2, 0.5f)]
    public void Regressor_OfAnyShape_AnswersAsOnnxRuntime(string transform, int targets, float? baseValue) =>
        Gen.Select(RandomTrees.Ensembles(Features, targets), RandomTrees.Rows(20, Features)).Sample(
            (trees, rows) => CheckModel(
                TreeProto.Classic(trees, null, transform, baseValue is { } b ? [.. Enumerable.Range(1, targets).Select(t => b * t)] : null),
                rows,
                transform == "PROBIT" ? 1e-3 : 1e-5),
            iter: 30, threads: 1);

    [Theory]
    [InlineData("NONE", 1, 2, 0)]
    [InlineData("LOGISTIC", 1, 2, 0)]
    [InlineData("LOGISTIC", 1, 2, 1)]
    [InlineData("SOFTMAX", 1, 2, 1)]
    [InlineData("NONE", 2, 2, 0)]
    [InlineData("LOGISTIC", 2, 2, 1)]
    [InlineData("SOFTMAX", 2, 2, 0)]
    [InlineData("SOFTMAX", 3, 3, 3)]
    [InlineData("LOGISTIC", 4, 4, 0)]
    [InlineData("NONE", 3, 3, 3)]
    public void Classifier_OfAnyShape_AnswersAsOnnxRuntime(string transform, int outputs, int classes, int baseValues) =>
        Gen.Select(RandomTrees.Ensembles(Features, outputs), RandomTrees.Rows(20, Features), Gen.Bool).Sample(
            (trees, rows, positive) => CheckModel(
                TreeProto.Classic(
                    positive ? trees with { Weights = [.. trees.Weights.Select(Math.Abs)] } : trees,
                    classes,
                    transform,
                    baseValues == 0 ? null : [.. Enumerable.Range(1, baseValues).Select(static b => 0.25f * b)]),
                rows),
            iter: 30, threads: 1);

    [Theory]
    [InlineData("NONE")]
    [InlineData("LOGISTIC")]
    public void Classifier_WhoseWeightsAllBelongToClassOne_AnswersAsOnnxRuntime(string transform) =>
        Gen.Select(RandomTrees.Ensembles(Features, 1), RandomTrees.Rows(20, Features)).Sample(
            (trees, rows) =>
            {
                NodeProto node = TreeProto.Classic(trees, 2, transform);
                CheckModel(node.Set("class_ids", node.Attribute.First(static a => a.Name == "class_ids").Ints.Select(static _ => 1L)), rows);
            },
            iter: 20, threads: 1);

    private static void CheckFile(string model, string data)
    {
        string path = Kit.File($"models/{model}.onnx");
        TabularData rows = Kit.Rows($"data/{data}.test.csv");
        TreeEnsemble ensemble = TreeEnsembleReader.TryRead(path, out string? reason)!;
        reason.Should().BeNull();
        ensemble.Features.Should().Be(rows.Features);
        OnnxAnswers.Check(path, ensemble, rows, 1e-6);
    }

    private static void CheckModel(NodeProto node, float[] rows, double tolerance = 1e-5) =>
        OnnxAnswers.Check(TreeProto.Model(Features, node), new TabularData(rows, Features), tolerance);
}
