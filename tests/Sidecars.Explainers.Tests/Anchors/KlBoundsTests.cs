using Sidecars.Explainers.Anchors;

namespace Sidecars.Explainers.Tests.Anchors;

public sealed class KlBoundsTests
{
    public static TheoryData<double, int, double, double, double> Cases()
    {
        TheoryData<double, int, double, double, double> cases = [];
        foreach (var c in AnchorUnits.Own["kl_bounds"]!.AsArray())
        {
            cases.Add(c.Number("p"), (int)c.Number("n"), c.Number("beta"), c.Number("upper"), c.Number("lower"));
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bounds_OfReferenceCases_AreTheirs(double p, int n, double beta, double upper, double lower)
    {
        // The reference knows no probability below 1e-7: where that shows, it is the one that is off.
        KlBounds.Upper(p, n, beta).Should().BeApproximately(upper, p < 1e-7 ? 2e-6 : 1e-12);
        KlBounds.Lower(p, n, beta).Should().BeApproximately(lower, lower < 1e-7 ? 1e-7 : 1e-12);
    }

    [Fact]
    public void Upper_OfNoSuccess_IsClosedForm() =>
        KlBounds.Upper(0, 50, 3).Should().BeApproximately(1 - Math.Exp(-3.0 / 50), 1e-13); // KL(0, q) = -ln(1 - q)

    [Fact]
    public void Lower_BelowTheReferencesReach_SolvesItsEquation()
    {
        double lower = KlBounds.Lower(0.02, 40, 12.5);
        lower.Should().BePositive();
        (40 * KlBounds.Divergence(0.02, lower)).Should().BeApproximately(12.5, 1e-4);
    }

    [Fact]
    public void Divergence_OfEqualMeans_IsZero() => KlBounds.Divergence(0.3, 0.3).Should().Be(0);
}
