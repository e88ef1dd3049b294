using Sidecars.Explainers.Anchors;
using Sidecars.Explainers.Tests.Scoring;
using Sidecars.Onnx;

namespace Sidecars.Explainers.Tests.Anchors;

/// <summary>
/// The rule of nine conditions that the sample's page shows, against all rows that can be mixed of the training data: 67
/// patients on whom it holds, 398 whose other columns they get.
/// </summary>
public sealed class SampleRuleTests
{
    private static readonly string s_folder = Repository.File("samples/BreastCancer/model");

    [Fact]
    public async Task Rule_OfTheSample_HasThePrecisionItSaysAndNeedsEachCondition()
    {
        ExplainerArtifact artifact = ExplainerArtifact.Load(s_folder);
        using OnnxModel model = SmallModel.Open(artifact.ModelPath!);
        using var scorer = new OnnxScorer(model, artifact.Schema);
        float[] patient = [15.85f, 23.95f, 103.7f, 782.7f, 0.08401f, 0.1002f, 0.09938f, 0.05364f, 0.1847f, 0.05338f, 0.4033f, 1.078f, 2.903f, 36.58f, 0.009769f,
            0.03126f, 0.05051f, 0.01992f, 0.02981f, 0.003002f, 16.84f, 27.66f, 112, 876.5f, 0.1131f, 0.1924f, 0.2322f, 0.1119f, 0.2809f, 0.06287f];
        AnchorExplanation anchor = await new AnchorTabular(artifact.Schema, artifact.Data!).ExplainAsync(scorer, patient, new AnchorTabularOptions());
        anchor.Status.Should().Be(AnchorStatus.Met);
        anchor.Predicates.Should().HaveCount(9);

        double truth = await CountAsync(scorer, artifact.Data!, anchor.Predicates, anchor.Label);
        truth.Should().BeApproximately(0.97067, 0.0001);
        anchor.PrecisionInterval.Low.Should().BeLessThan(truth);
        anchor.PrecisionInterval.High.Should().BeGreaterThan(truth);
        double needed = new PrecisionTest(0.95, 0.05).Needed;
        for (int i = 0; i < anchor.Predicates.Count; i++)
        {
            double less = await CountAsync(scorer, artifact.Data!, [.. anchor.Predicates.Where((_, at) => at != i)], anchor.Label);
            less.Should().BeLessThan(needed, "without {0} no test of 2000 rows would pass", anchor.Names[i]);
        }
    }

    /// <summary>The precision over every pair of a row on which the rule holds and a row that is the rest.</summary>
    private static async Task<double> CountAsync(IScorer scorer, TabularData train, IReadOnlyList<AnchorPredicate> rule, int label)
    {
        int width = train.Features, hits = 0;
        int[] donors = [.. Enumerable.Range(0, train.Rows).Where(row => rule.All(p => p.Holds(train[row][p.Feature])))];
        foreach (int donor in donors)
        {
            float[] rows = train.Values.ToArray();
            for (int row = 0; row < train.Rows; row++)
            {
                foreach (AnchorPredicate predicate in rule)
                {
                    rows[(row * width) + predicate.Feature] = train[donor][predicate.Feature];
                }
            }

            int[] labels = new int[train.Rows];
            (await scorer.ScoreAsync(rows)).ReadLabels(labels);
            hits += labels.Count(l => l == label);
        }

        return hits / (double)(donors.Length * train.Rows);
    }
}
