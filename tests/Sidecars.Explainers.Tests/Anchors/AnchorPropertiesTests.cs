using CsCheck;

namespace Sidecars.Explainers.Tests.Anchors;

public sealed class AnchorPropertiesTests
{
    // Small tables of two numeric and three categorical columns, and models that look at a few of them.
    private static readonly Gen<Toy> Toys = Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[20, 200], Gen.Int[0, 3]).Select(static (seed, rows, kind) => World(seed, rows, kind));

    private static Toy World(int seed, int rows, int kind)
    {
        Random random = new(seed);
        float[] values = [.. Enumerable.Range(0, rows).SelectMany(_ => (float[])[
            random.Next(9), random.NextSingle(), random.Next(3), random.Next(2), random.Next(4)])];
        string[] names = ["a", "b", "c", "d"];
        return new Toy(
            new TabularSchema([new("x"), new("y"), new("p", names), new("q", names), new("r", names)]),
            new TabularData(values, 5),
            r => kind switch
            {
                0 => r[0] > 4 ? 1 : 0,
                1 => r[2] == 1 && r[1] > 0.3 ? 1 : 0,
                2 => (int)(r[3] + r[4]) % 2,
                _ => (r[0] / 9) + r[1] + (r[3] / 2) > 1.2 ? 1 : 0,
            });
    }

    [Fact]
    public void Explanations_OfToys_AreConsistent() =>
        Toys.Sample(static toy =>
        {
            float[] row = toy.Train[0].ToArray();
            LabelScorer scorer = toy.Scorer();
            AnchorExplanation anchor = toy.ExplainAsync(row, scorer: scorer).AsTask().GetAwaiter().GetResult();
            anchor.Predicates.Should().OnlyContain(p => p.Holds(row[p.Feature]));
            anchor.Predicates.Select(static p => p.Feature).Should().OnlyHaveUniqueItems();
            anchor.Coverage.Should().Be(Enumerable.Range(0, toy.Train.Rows).Count(r => toy.Holds(anchor.Predicates, r)) / (double)toy.Train.Rows);
            anchor.Predictions.Should().Be(scorer.Rows);
            anchor.Label.Should().Be(toy.Label(row));
            anchor.Precision.Should().BeInRange(anchor.PrecisionInterval.Low, anchor.PrecisionInterval.High);
            anchor.Steps.Should().HaveSameCount(anchor.Predicates);
            if (anchor.Status == AnchorStatus.Met)
            {
                anchor.PrecisionInterval.Low.Should().BeGreaterThanOrEqualTo(0.95);
            }
        }, iter: 100);

    [Fact]
    public async Task Explanations_InParallel_AreThoseOneByOne()
    {
        Toy toy = World(7, 150, 3);
        AnchorTabular explainer = new(toy.Schema, toy.Train);
        LabelScorer scorer = toy.Scorer();
        Task<AnchorExplanation> Explain(int row) =>
            Task.Run(async () => await explainer.ExplainAsync(scorer, toy.Train[row % toy.Train.Rows].ToArray(), new AnchorTabularOptions { Seed = 4 }));
        AnchorExplanation[] together = await Task.WhenAll(Enumerable.Range(0, 32).Select(Explain));
        for (int row = 0; row < together.Length; row++)
        {
            Text(together[row]).Should().Be(Text(await Explain(row)));
        }
    }

    private static string Text(AnchorExplanation a) => string.Join("|", [
        a.Status, a.Label, a.Precision, a.PrecisionInterval, a.Coverage, a.BasePrecision, a.Predictions,
        .. a.Names, .. a.Steps.Select(static s => $"{s.Feature} {s.Precision} {s.Coverage} {Rows(s.CoveredTrue)} / {Rows(s.CoveredFalse)}")]);

    private static string Rows(TabularData data) => string.Join(",", data.Values.ToArray());
}
