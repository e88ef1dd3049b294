using Sidecars.Explainers.Anchors;
using Sidecars.Explainers.Tabular;

namespace Sidecars.Explainers.Tests.Anchors;

public sealed class KlLucbTests
{
    [Fact]
    public void Beta_OfReferenceCases_IsTheirs()
    {
        var cases = AnchorUnits.Own["lucb_beta"]!.AsArray();
        cases.Should().HaveCount(40);
        foreach (var c in cases)
        {
            KlLucb.Beta((int)c.Number("arms"), (int)c.Number("t"), c.Number("delta")).Should().BeApproximately(c.Number("beta"), 1e-12);
        }
    }

    [Fact]
    public void Split_OfFourArms_NamesTheCriticalOnes()
    {
        // The second best is hardly known, so that its lower bound is below the third's upper bound.
        List<Arm> arms = [Pulled(0.9, 1000, 0), Pulled(0.5, 1000, 1), Pulled(0.8, 20, 2), Pulled(0.2, 1000, 3)];
        Arm hardlyKnown = arms[2];
        Arm third = arms[1];

        (Arm weakest, Arm strongest, double overlap) = KlLucb.Split(arms, 2, 3);

        weakest.Should().BeSameAs(hardlyKnown);
        strongest.Should().BeSameAs(third);
        overlap.Should().BeApproximately(KlBounds.Upper(0.5, 1000, 3) - KlBounds.Lower(0.8, 20, 3), 1e-12);
        arms.Select(static a => a.Mean).Should().Equal(0.9, 0.8, 0.5, 0.2);
    }

    [Fact]
    public void Split_OfWellKnownArms_DoesNotOverlap() =>
        KlLucb.Split([Pulled(0.9, 2000, 0), Pulled(0.5, 2000, 1)], 1, KlLucb.Beta(2, 1, 0.1)).Overlap.Should().BeNegative();

    private static Arm Pulled(double mean, int samples, int index)
    {
        RowSet one = RowSet.Where(10, static row => row == 0);
        Condition condition = new(index, new AnchorPredicate(index, Equal: 1), one);
        Arm arm = new(Rule.Empty(one).With(condition)!, 10, 0);
        int[] labels = new int[samples];
        labels.AsSpan(0, (int)Math.Round(mean * samples)).Fill(1);
        arm.Add(new int[samples], new int[samples], new float[samples], labels, 1);
        return arm;
    }
}
