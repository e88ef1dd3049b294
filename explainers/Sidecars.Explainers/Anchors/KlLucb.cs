namespace Sidecars.Explainers.Anchors;

/// <summary>
/// KL-LUCB (Kaufmann &amp; Kalyanakrishnan, COLT 2013, Algorithm 1): finds m arms whose means are within ε of the m best,
/// by drawing in each round the two arms that could be on the wrong side.
/// </summary>
internal static class KlLucb
{
    /// <summary>
    /// The exploration rate β(t, δ) = L + ln L with L = ln(k₁ K t^α / δ), α = 1.1 and k₁ = 405.5 (section 5 of the paper).
    /// </summary>
    public static double Beta(int arms, int round, double delta)
    {
        double log = Math.Log(405.5 * arms * Math.Pow(round, 1.1) / delta);
        return log + Math.Log(log);
    }

    /// <summary>Splits the arms at the m best and names the critical one on either side.</summary>
    /// <param name="arms">The arms, each of which has been drawn; reordered: the m best come first.</param>
    /// <param name="best">m, below the number of arms.</param>
    /// <param name="beta">The exploration rate of the round.</param>
    /// <returns>The weakest of the best by its lower bound, the strongest of the others by its upper bound, and how far
    /// they overlap: the split is good enough once that is at most ε.</returns>
    public static (Arm Weakest, Arm Strongest, double Overlap) Split(List<Arm> arms, int best, double beta)
    {
        arms.Sort(Arm.ByMean);
        Arm weakest = arms[0];
        double low = double.PositiveInfinity;
        for (int i = 0; i < best; i++)
        {
            double bound = KlBounds.Lower(arms[i].Mean, arms[i].Samples, beta);
            (weakest, low) = bound < low ? (arms[i], bound) : (weakest, low);
        }

        Arm strongest = arms[best];
        double high = double.NegativeInfinity;
        for (int i = best; i < arms.Count; i++)
        {
            double bound = KlBounds.Upper(arms[i].Mean, arms[i].Samples, beta);
            (strongest, high) = bound > high ? (arms[i], bound) : (strongest, high);
        }

        return (weakest, strongest, high - low);
    }
}
