using Sidecars;

namespace Image.Tests;

public sealed class LabelsTests
{
    private static readonly Labels s_labels = new(["a", "b", "c", "d"]);

    [Fact]
    public void PickBest_OfLogits_GivesProbabilitiesBestFirst()
    {
        (float[] scores, string[] names, int best) = s_labels.PickBest(
            [Tensor.Create("o", [0f, MathF.Log(3), MathF.Log(4), 0, 1000, 0, 0, 0], 2, 4)], 3, softmax: true);
        best.Should().Be(3);
        names.Should().Equal("c", "b", "a", "a", "b", "c");
        scores.Zip((float[])[4 / 9f, 3 / 9f, 1 / 9f, 1, 0, 0]).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-6f);
    }

    [Fact]
    public void PickBest_OfProbabilities_LeavesThemAlone() =>
        s_labels.PickBest([Tensor.Create<double>("o", [0.125, 0.5, 0.25, 0.125], 1, 4)], 5, softmax: false).Scores.Should().Equal(0.5f, 0.25f, 0.125f, 0.125f);

    [Fact]
    public void PickBest_WithoutNames_GivesNumbers() =>
        Labels.None.PickBest([Tensor.Create<float>("o", [1, 3, 2], 1, 3)], 2, softmax: false).Names.Should().Equal("1", "2");

    [Fact]
    public void PickBest_WhenTheNamesAreAnotherModels_SaysSo()
    {
        Action act = () => s_labels.PickBest([Tensor.Create<float>("o", [1, 3, 2], 1, 3)], 2, softmax: false);
        act.Should().Throw<InferenceException>().Where(e => e.Kind == ErrorKind.PredictorBody)
            .WithMessage("The predictor knows 3 classes, labels.txt has 4 names.");
    }

    [Fact]
    public void Colours_OfTheStandIn_AreItsLabelsFile() =>
        ColourPredictor.Colours.Select(c => c.Name).Should().Equal(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "model", "labels.txt")));
}
