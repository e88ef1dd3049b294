using Google.Protobuf;
using Sidecars.Explainers.Graphs.Onnx;
using Sidecars.Explainers.Scoring;
using Sidecars.Explainers.Tests.Graphs;
using Sidecars.Onnx;

namespace Sidecars.Explainers.Tests.Scoring;

public sealed class ModelScorersTests
{
    [Theory]
    [InlineData("breast_cancer10_gb", typeof(TreeScorer))]
    [InlineData("breast_cancer10_rf", typeof(TreeScorer))]
    [InlineData("breast_cancer10_lr", typeof(LinearScorer))]
    [InlineData("breast_cancer10_mlp", typeof(OnnxScorer))]
    public void Scorer_OfAModel_IsTheFastestThereIs(string model, Type type) => Open(model, null).Should().BeOfType(type);

    [Fact]
    public void Scorer_OfTheModelsOwnOutputByName_IsTheSame() =>
        Open("breast_cancer10_gb", new OnnxScorerOptions { Output = "probabilities" }).Should().BeOfType<TreeScorer>();

    [Fact]
    public void Scorer_OfAnotherOutput_IsOnnxRuntime() =>
        Open("breast_cancer10_gb", new OnnxScorerOptions { Output = "label" }).Should().BeOfType<OnnxScorer>();

    [Fact]
    public void Scorer_WhoseKindIsGiven_IsOnnxRuntime() =>
        Open("breast_cancer10_gb", new OnnxScorerOptions { Kind = ScoreKind.Margin }).Should().BeOfType<OnnxScorer>();

    [Fact]
    public void Reading_ThatDisagreesWithOnnxRuntime_IsNotTrusted()
    {
        string path = TreeProto.Write(Trees(seed: 2));
        using (var model = new OnnxModel(path, new OnnxOptions { Device = OnnxDevice.Cpu }))
        {
            ModelScorers.Open(model, Schema(3)).Should().BeOfType<TreeScorer>();

            // The session keeps the model it read; from now on the file has another.
            File.WriteAllBytes(path, Trees(seed: 3).ToByteArray());
            ModelScorers.Open(model, Schema(3)).Should().BeOfType<OnnxScorer>();
        }

        File.Delete(path);
    }

    [Fact]
    public void Reading_OfABrokenFile_IsLeftToOnnxRuntime()
    {
        string path = Path.GetTempFileName();
        ModelScorers.TryRead(path, 3).Should().BeNull();
        File.Delete(path);
    }

    private static IScorer Open(string name, OnnxScorerOptions? options)
    {
        using var model = new OnnxModel(Kit.File($"models/{name}.onnx"), new OnnxOptions { Device = OnnxDevice.Cpu });
        TabularData data = Kit.Rows("data/breast_cancer10.train.csv");
        return ModelScorers.Open(model, Schema(data.Features), options, data);
    }

    private static ModelProto Trees(int seed) =>
        TreeProto.Model(3, TreeProto.Classic(RandomTrees.Grow(new Random(seed), 3, 1, 3, 2, allModes: false)));

    private static TabularSchema Schema(int features) => new([.. Enumerable.Range(0, features).Select(static j => new TabularFeature($"f{j}"))]);
}
