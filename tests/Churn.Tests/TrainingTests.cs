using Churn.Training;
using Sidecars;
using Sidecars.MLNet;

namespace Churn.Tests;

public sealed class TrainingTests
{
    private static string Committed => Path.Combine(AppContext.BaseDirectory, "model");

    [Fact]
    public async Task Train_Again_GivesTheModelThatIsCommitted()
    {
        using var again = new TemporaryModel();
        (await Trainer.TrainAsync(again.Folder)).Should().Be(0);
        Scaler committedScaler = await Scaler.LoadAsync(Path.Combine(Committed, "scaler.json"));
        Scaler scaler = await Scaler.LoadAsync(Path.Combine(again.Folder, "scaler.json"));
        for (int i = 0; i < Customers.Fields.Count; i++)
        {
            // Single precision sums differ in the last digit between processors.
            scaler.Mean[i].Should().BeApproximately(committedScaler.Mean[i], 1e-3f);
            scaler.Deviation[i].Should().BeApproximately(committedScaler.Deviation[i], 1e-3f);
        }

        float[] rows = [.. CustomerData.Generate(50, seed: 7).SelectMany(c =>
            (float[])[c.Age, c.TenureDays, c.MonthlySpend, c.SupportTickets, c.LastLoginDays])];
        scaler.Scale(rows);
        float[] expected = Probabilities(Committed, rows);
        float[] found = Probabilities(again.Folder, rows);
        for (int i = 0; i < expected.Length; i++)
        {
            found[i].Should().BeApproximately(expected[i], 1e-4f);
        }

        expected.Select(p => ChurnAnswer.Tier(p)).Distinct().Should().BeEquivalentTo("LOW", "MEDIUM", "HIGH");
    }

    [Theory]
    [InlineData(0.7, "MEDIUM")]
    [InlineData(0.70001, "HIGH")]
    [InlineData(0.3, "LOW")]
    [InlineData(0.30001, "MEDIUM")]
    public void Tier_AtTheBorders_IsTheLowerOne(double probability, string tier) => ChurnAnswer.Tier(probability).Should().Be(tier);

    private static float[] Probabilities(string folder, float[] rows)
    {
        using MLNetPipeline model = MLNetPipeline.Load(Path.Combine(folder, "model.zip"), ["Probability"]);
        return model.Transform([Tensor.Create("Features", rows, rows.Length / 5, 5)])[0].ToArray<float>();
    }
}
